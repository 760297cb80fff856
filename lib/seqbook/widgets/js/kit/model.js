// The widget's state lives in the model (traits); drawing reads it there, whoever changed it.

// Calls `draw` after any of the traits changed; returns the function that stops it.
export function onChange(model, traits, draw) {
  for (const trait of traits) model.on(`change:${trait}`, draw);
  return () => {
    for (const trait of traits) model.off(`change:${trait}`, draw);
  };
}

// Sets traits and tells Python, where there is one. Traits that already have the value are left alone.
export function assign(model, values) {
  const changed = Object.entries(values).filter(([trait, value]) => model.get(trait) !== value);
  for (const [trait, value] of changed) model.set(trait, value);
  if (changed.length) model.save_changes();
}
