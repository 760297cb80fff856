// Numbers as a reader expects them: a real minus sign, and powers of ten where digits would be lost.

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

export const superscript = (integer) => [...String(integer)].map((character) => SUPERSCRIPT[character]).join("");

export const powerOfTen = (exponent) => `10${superscript(exponent)}`;

export function fixed(value, digits = 2) {
  const text = value.toFixed(digits);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

// Three significant digits: 0.0123, 45.7, 1.23·10⁻⁷; exact zero is "0".
export function significant(value, digits = 3) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "−∞" : "∞";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -3 && power <= digits) return fixed(value, Math.max(0, digits - 1 - power));
  return `${mantissa.replace("-", "−")}·${powerOfTen(power)}`;
}

// A probability that rounds to 0% or 100% and is neither says so.
export function percent(p) {
  if (p > 0.995 && p < 1) return ">99%";
  return p > 0 && p < 0.005 ? "<1%" : `${Math.round(100 * p)}%`;
}
