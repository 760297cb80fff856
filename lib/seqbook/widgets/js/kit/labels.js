// What the kit itself says; a widget may say it otherwise.
export const LABELS = {
  ko: { play: "재생", pause: "멈춤", back: "한 시점 뒤로", on: "한 시점 앞으로", time: "시점 t" },
  en: { play: "Play", pause: "Pause", back: "one step back", on: "one step on", time: "Step t" },
};
