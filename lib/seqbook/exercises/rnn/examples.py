"""The exercises of `rnn/examples`: temperature, a seasonal forecast, and a scale that knows the future."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# -------------------------------------------------------------------------------------------------- examples/tempered

tempered = Exercise(
    "examples/tempered",
    "tempered(o (B, V), temperature) -> p (B, V)",
    kinds=(
        GENERAL, GENERAL,
        Kind(name="cold", ko="온도가 1보다 낮을 때", en="a temperature below 1"),
        Kind(name="one", ko="온도가 1일 때", en="temperature 1"),
        Kind(name="large", ko="출력이 ±1e4만큼 클 때", en="outputs as large as ±1e4", stress=True),
        Kind({"B": 1})))


@tempered.inputs
def tempered_inputs(rng, sizes, name):
    o = 2 * rng.standard_normal((sizes["B"], sizes["V"]))
    if name == "large":
        o = np.round(64 * o) / 64 + rng.choice([-1e4, 1e4], (sizes["B"], 1))    # exact in float32 too
    temperature = {"cold": rng.uniform(0.3, 0.7), "one": 1.0, "large": 2.0}.get(name, rng.uniform(1.3, 2.5))
    return {"o": o, "temperature": float(temperature)}


@tempered.solution
def softmax_at_a_temperature(o, temperature):
    o = o / temperature
    e = np.exp(o - o.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)    # (B, V)


@tempered.solution
def tempered_probabilities(o, temperature):
    p = np.exp(o - o.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    p = p ** (1 / temperature)
    return p / p.sum(axis=-1, keepdims=True)


tempered.says(
    "multiplied", {"o / temperature": "o * temperature"},
    ko="온도를 곱했습니다. 온도가 높을수록 확률이 고르게 퍼져야 합니다. 지금은 어느 쪽으로 변하나요?",
    en="This multiplies by the temperature. A higher temperature should spread the probabilities. Which way do yours "
       "go?")
tempered.says(
    "temperature_ignored", {"o / temperature": "o"},
    ko="온도가 쓰이지 않았습니다. 출력을 무엇으로 나누어야 할까요?",
    en="The temperature is not used. By what are the outputs divided?")


@tempered.mistake(
    ko="소프트맥스를 거친 확률을 온도로 나누었습니다. 온도는 소프트맥스에 들어가기 전의 출력을 나눕니다.",
    en="This divides the probabilities, after the softmax. The temperature divides the outputs, before it.")
def divided_too_late(o, temperature):
    return softmax_at_a_temperature(o, 1.0) / temperature


# -------------------------------------------------------------------------------------------------- examples/seasonal

seasonal = Exercise(
    "examples/seasonal",
    "seasonal(y (T), t (N), ahead, period) -> forecast (N)",
    kinds=(GENERAL, GENERAL, Kind(name="short", ko="한 주기 앞을 예측할 때", en="a whole period ahead"), Kind({"N": 1})))


@seasonal.inputs
def seasonal_inputs(rng, sizes, name):
    period, ahead = int(rng.integers(7, 11)), int(rng.integers(2, 6))
    if name == "short":
        ahead = period
    T = 3 * period + ahead + sizes["T"]
    y = 300 + np.cumsum(rng.uniform(0.2, 2.0, T)) + 3 * rng.standard_normal(T)
    return {"y": y, "t": rng.choice(np.arange(period, T), sizes["N"], replace=False), "ahead": ahead, "period": period}


@seasonal.solution
def last_period_and_its_growth(y, t, ahead, period):
    growth = y[t] - y[t - period]    # (N,)
    return y[t + ahead - period] + growth


seasonal.says(
    "no_growth", {" + growth": ""},
    ko="한 주기 동안 늘어난 만큼을 더하지 않았습니다. 지난 주기의 값만으로는 추세를 놓칩니다.",
    en="What it grew by in a period is not added. The value of the last period alone misses the trend.")
seasonal.says(
    "growth_subtracted", {"+ growth": "- growth"},
    ko="늘어난 만큼을 더하지 않고 뺐습니다. 작년에서 올해로 왔으니 어느 쪽으로 옮겨야 할까요?",
    en="The growth is subtracted. From last year to this one, which way should it move?")
seasonal.says(
    "season_of_today", {"y[t + ahead - period]": "y[t - period]"},
    ko="예측할 주가 아니라 지금과 같은 계절의 값을 썼습니다. 한 주기 전의 어느 주가 예측할 주에 해당하나요?",
    en="This takes last period's value for today's season. Which week of the last period corresponds to the week to be "
       "forecast?")


@seasonal.mistake(
    ko="예측할 주의 값 자체를 보았습니다. 예측하는 주에는 그 값이 아직 없습니다.",
    en="This looks at the very value to be forecast, which lies in the future. In the week of the forecast nobody "
       "knows it.")
def the_future_itself(y, t, ahead, period):
    return y[np.minimum(t + ahead, len(y) - 1)]


# ---------------------------------------------------------------------------------------------------- examples/scaled

scaled = Exercise(
    "examples/scaled",
    "scaled(y (T), cut) -> x (T)",
    kinds=(GENERAL, GENERAL, Kind(name="early", ko="학습 구간이 짧을 때", en="a short training part"),
           Kind(name="all", ko="모두 학습 구간일 때", en="all weeks are for training")))


@scaled.inputs
def scaled_inputs(rng, sizes, name):
    T = 4 * sizes["T"] + 10
    cut = {"early": 4, "all": T}.get(name, int(rng.integers(T // 2, T - 4)))
    return {"y": 315 + 0.4 * np.arange(T) + 3 * rng.standard_normal(T), "cut": cut}


@scaled.solution
def scaled_by_what_is_learned_from(y, cut):
    mean, std = y[:cut].mean(), y[:cut].std()
    return (y - mean) / std    # (T,)


scaled.says(
    "whole_series", {"y[:cut].mean(), y[:cut].std()": "y.mean(), y.std()"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 평균과 표준편차에 시험 구간의 값이 들어 있습니다.",
    en="The fault you were to find is still there. Mean and standard deviation contain the weeks of the test.")
scaled.says(
    "mean_leaks", {"y[:cut].mean()": "y.mean()"},
    ko="표준편차는 바로잡았지만 평균에는 아직 시험 구간의 값이 들어 있습니다.",
    en="The standard deviation is mended; the mean still contains the weeks of the test.")
scaled.says(
    "std_leaks", {"y[:cut].std()": "y.std()"},
    ko="평균은 바로잡았지만 표준편차에는 아직 시험 구간의 값이 들어 있습니다.",
    en="The mean is mended; the standard deviation still contains the weeks of the test.")
scaled.says(
    "test_alone", {"y[:cut].mean(), y[:cut].std()": "y[cut - 1:].mean(), y[cut - 1:].std()"},
    ko="시험 구간만으로 평균과 표준편차를 구했습니다. 어느 구간의 값은 학습할 때 이미 알고 있나요?",
    en="Mean and standard deviation come from the test alone. Which weeks are known when training begins?")


@scaled.mistake(
    ko="두 구간을 저마다의 평균과 표준편차로 나누었습니다. 그러면 시험 구간의 입력이 시험 구간의 미래를 알게 되고, 같은 농도가 두 구간에서 다른 수가 됩니다.",
    en="Each part is scaled by its own mean. The inputs of the test then know the test's future, and one concentration "
       "is two different numbers.")
def each_part_by_itself(y, cut):
    parts = [part for part in (y[:cut], y[cut:]) if len(part)]
    return np.concatenate([(part - part.mean()) / (part.std() or 1) for part in parts])
