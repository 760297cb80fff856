// The numbers of every step at the present settings, as `Unfolding.numbers` gives them.
import { settingsOf } from "./computed.js";
import { forward } from "./recurrence.js";

export function numbers(get) {
  const { h, o, loss, total } = forward(settingsOf(get));
  const said = (values) => values.slice(1).filter((value) => value !== null);
  return { h: said(h), o: said(o), loss: said(loss), total };
}
