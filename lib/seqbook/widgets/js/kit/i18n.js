// Label tables: { ko: { key: "text with {holes}" }, en: { … } }.

export function translator(tables, lang) {
  const table = tables[lang];
  if (!table) throw new Error(`no labels for language "${lang}"`);
  return (key, values = {}) => {
    const text = table[key];
    if (text === undefined) throw new Error(`no label "${key}" in language "${lang}"`);
    return text.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? String(values[name]) : hole));
  };
}

// Korean particles depend on how the word before them ends; h(3), read "h 삼", ends like its last digit.
const CLOSED_DIGITS = "013678"; // 영 일 삼 육 칠 팔 end in a consonant
export function particle(word, closed, open) {
  const last = [...String(word)].filter((character) => /[0-9가-힣]/.test(character)).pop() ?? "";
  const ends = /[0-9]/.test(last) ? CLOSED_DIGITS.includes(last) : last !== "" && (last.charCodeAt(0) - 0xac00) % 28 > 0;
  return ends ? closed : open;
}
