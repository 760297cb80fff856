// Every word the widget says. Both tables have the same keys; {holes} are filled in place.

export const LABELS = {
  ko: {
    name: "예측하기",
    keep: "내 예측 남기기",
    again: "다시 예측하기",
    guess: "내 예측",
    right: "계산한 답",
  },
  en: {
    name: "Prediction",
    keep: "Keep my guess",
    again: "Guess again",
    guess: "my guess",
    right: "computed answer",
  },
};
