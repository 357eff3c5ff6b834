const ASKS = /^(?:what|why|how|when|where|which|who|is|are|was|do|does|did|can|could|should|would|will|has|have|am)\b/i;
const ASKS_ZH = /什么|为何|怎么|怎样|如何|是否|哪|吗$|呢$|多少|几个|能不能|要不要|是不是|会不会|有没有|该不该|可不可以|需不需要/;

/** A phrasing as it stands above an answer: people type “what is GELU”, a heading says “What is GELU?”. */
export function asHeading(phrasing: string): string {
  const text = phrasing.trim();
  // Names of code keep their case: “nn.ReLU …”, “p-value”, “tf.keras”.
  const first = /^[a-z]+(?=[\s,])/.exec(text)?.[0];
  const begun = first ? text[0]!.toUpperCase() + text.slice(1) : text;
  if (/[?？!！.。…]$|[?？] /.test(text)) return begun;
  if (/\p{Script=Han}/u.test(text)) return ASKS_ZH.test(text) ? `${begun}？` : begun;
  return ASKS.test(text) ? `${begun}?` : begun;
}
