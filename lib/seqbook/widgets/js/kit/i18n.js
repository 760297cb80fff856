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
