/** Adam (Kingma & Ba 2015) on one vector of doubles, in place; the learning rate may change from step to step. */
export function createAdam(
  size: number,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {},
): (w: Float64Array, gradient: Float64Array, rate: number) => void {
  const [m, v] = [new Float64Array(size), new Float64Array(size)];
  let t = 0;
  return (w, gradient, rate) => {
    t++;
    const [first, second] = [1 - beta1 ** t, 1 - beta2 ** t];
    for (let i = 0; i < size; i++) {
      m[i] = beta1 * m[i]! + (1 - beta1) * gradient[i]!;
      v[i] = beta2 * v[i]! + (1 - beta2) * gradient[i]! ** 2;
      w[i]! -= (rate * m[i]!) / first / (Math.sqrt(v[i]! / second) + epsilon);
    }
  };
}
