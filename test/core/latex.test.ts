import { describe, expect, it } from 'vitest';
import { formulasToUnicode, latexToUnicode } from '../../src/core/latex.ts';

describe('latexToUnicode', () => {
  it.each([
    // What ends a command stays its end, whatever a fraction becomes.
    ['\\alpha\\frac{a}{b}', 'α a/b'],
    // A function of a fraction is not a fraction with the function above.
    ['\\ln\\frac{p}{1-p}', 'ln(p/(1−p))'],
    ['p\\log\\frac{q}{p}', 'p log(q/p)'],
    ['\\frac12\\ln\\frac{1-\\epsilon}{\\epsilon}', '½ ln((1−ε)/ε)'],
    ['\\log_2\\frac{p(x)}{q(x)}', 'log₂(p(x)/q(x))'],
    ['\\cos\\frac{\\pi t}{T}', 'cos((π t)/T)'],
    ['\\mathbb{E}\\frac{a}{b}', '𝔼(a/b)'],
    ['\\max\\frac{a}{b}', 'max a/b'],
    // The power is that of the variable, not of its index.
    ['\\sigma_{jy}^2', 'σ_(jy)²'],
    ['W_{\\text{query}}^2', 'W_(query)²'],
    ['\\sigma_{ij}^2', 'σᵢⱼ²'],
    ['\\frac{\\partial L}{\\partial z_l}', '∂L/∂zₗ'],
    ["\\delta_l = (W_{l+1}^\\top \\delta_{l+1}) \\odot \\sigma'(z_l)", 'δₗ = (Wₗ₊₁ᵀδₗ₊₁) ⊙ σ′(zₗ)'],
    ['\\|\\nabla f\\| = \\sqrt{13}', '‖∇f‖ = √13'],
    ['\\hat{x} = \\frac{x - \\mu_B}{\\sqrt{\\sigma_B^2 + \\epsilon}}', 'x̂ = (x − μ_B)/(√(σ_B² + ε))'],
    ['\\mathrm{Var}(W) = \\frac{2}{n_{\\text{in}}}', 'Var(W) = 2/nᵢₙ'],
    ['\\sum_{i=1}^{n} x_i^2', '∑ᵢ₌₁ⁿ xᵢ²'],
    ['\\mathbb{E}[x^2] = \\frac{\\eta}{2-\\eta}', '𝔼[x²] = η/(2−η)'],
    ['e^{-x^2}', 'e^(−x²)'],
    ['W_{hidden}', 'W_hidden'],
    ['w \\leftarrow\\theta', 'w ← θ'],
    ['x_{t+1}\\leftarrow x_t', 'xₜ₊₁ ← xₜ'],
    ['\\lim_{x\\to 0} f', 'lim_x→0 f'],
    ['\\left(1-\\frac12\\right)', '(1−½)'],
    ['\\tfrac12x^2', '½x²'],
    ['\\frac{5}{2}', '5/2'],
    ['\\frac{1}{N}\\sum_i\\ell_i(w)', '(1/N)∑ᵢℓᵢ(w)'],
    ['\\frac{\\lambda}{2}\\|w\\|^2', '(λ/2)‖w‖²'],
    ['\\frac{\\sigma^2}{B}\\cdot\\frac{N-B}{N-1}', 'σ²/B⋅(N−B)/(N−1)'],
    ['x_1,\\dots,x_n', 'x₁,…,xₙ'],
    ['0.99^{100}', '0.99¹⁰⁰'],
  ])('%s becomes %s', (latex, unicode) => {
    expect(latexToUnicode(latex)).toBe(unicode);
  });

  it.each(['\\frac{', '{{{{', '\\sqrt', '^^^', '\\frac{a}', '}'.repeat(1000)])('survives %.12s', (latex) => {
    expect(typeof latexToUnicode(latex)).toBe('string');
  });
});

describe('formulasToUnicode', () => {
  it('replaces formulas and leaves prices alone', () => {
    expect(formulasToUnicode('so $\\eta < 2/L$ holds')).toBe('so η < 2/L holds');
    expect(formulasToUnicode('it costs $5 and then $6 more')).toBe('it costs $5 and then $6 more');
    expect(formulasToUnicode('$$a^2$$')).toContain('a²');
  });
});
