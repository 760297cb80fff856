"""The exercises of `beyond/modern-recurrence`: the way back with gates, one round of a scan, a recurrence as a matrix.
"""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# -------------------------------------------------------------------------------- modern-recurrence/repaired_backward

repaired_backward = Exercise(
    "modern-recurrence/repaired_backward",
    "repaired_backward(dh (T, H), a (T, H), h (T, H)) -> da (T, H), du (T, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"T": 2})))


@repaired_backward.inputs
def repaired_backward_inputs(rng, sizes, name):
    T, H = sizes["T"], sizes["H"]
    return {"a": rng.uniform(0.2, 0.9, (T, H))}


@repaired_backward.solution
def factor_of_the_step_after(dh, a, h):
    da, du = np.zeros_like(dh), np.zeros_like(dh)
    g = np.zeros(dh.shape[1])
    for t in reversed(range(len(dh))):
        # ⟦h(t)에서 h(t+1)로 가는 길의 배율은 a(t+1)|the way from h(t) to h(t+1) has the factor a(t+1)⟧
        g = dh[t] + (a[t + 1] * g if t + 1 < len(a) else 0)
        du[t] = g
        da[t] = g * h[t - 1] if t > 0 else 0
    return da, du


@repaired_backward.solution
def passed_on_after_use(dh, a, h):
    da, du = np.zeros_like(dh), np.zeros_like(dh)
    g = np.zeros(dh.shape[1])
    for t in reversed(range(len(dh))):
        g = dh[t] + g
        du[t] = g
        if t > 0:
            da[t] = g * h[t - 1]
        g = a[t] * g
    return da, du


repaired_backward.says(
    "factor_of_the_same_step", {"(a[t + 1] * g if t + 1 < len(a) else 0)": "a[t] * g"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. h(t)는 h(t+1)의 식에 들어 있습니다. 그 식에서 h(t)에 곱하는 것은 어느 시점의 배율인가요?",
    en="The fault you were to find is still there. h(t) stands in the equation of h(t+1). By which step's "
       "factor is it multiplied there?")
repaired_backward.says(
    "state_of_the_same_step", {"g * h[t - 1] if t > 0 else 0": "g * h[t]"},
    ko="da에 지금 시점의 상태를 곱했습니다. a(t)가 곱하는 것은 앞 시점의 상태입니다.",
    en="da is made with the state of the same step. What a(t) multiplies is the state before.")
repaired_backward.says(
    "first_state_from_the_end", {"g * h[t - 1] if t > 0 else 0": "g * h[t - 1]"},
    ko="첫 시점에서 h[-1], 즉 마지막 상태를 썼습니다. 첫 시점 앞의 상태는 0입니다.",
    en="At the first step this takes h[-1], which is the last state. The state before the first step is zero.")

# --------------------------------------------------------------------------------------- modern-recurrence/scan_round

scan_round = Exercise(
    "modern-recurrence/scan_round",
    "scan_round(a (T, H), u (T, H), reach) -> a_new (T, H), u_new (T, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"H": 1}), Kind(name="all", ko="reach ≥ T", en="reach ≥ T")))


@scan_round.inputs
def scan_round_inputs(rng, sizes, name):
    T, H = sizes["T"], sizes["H"]
    return {"a": rng.uniform(0.2, 0.9, (T, H)),
            "reach": int(T + rng.integers(3)) if name == "all" else int(rng.integers(1, max(2, T)))}


@scan_round.solution
def each_with_the_one_before_it(a, u, reach):
    a_new, u_new = a.copy(), u.copy()    # ⟦처음 reach개는 그대로|the first `reach` stay⟧
    for t in range(reach, len(u)):
        a_new[t] = a[t] * a[t - reach]
        u_new[t] = a[t] * u[t - reach] + u[t]
    return a_new, u_new


@scan_round.solution
def all_at_once(a, u, reach):
    a_new, u_new = a.copy(), u.copy()
    T = len(u)
    if reach < T:
        a_new[reach:] = a[reach:] * a[:T - reach]
        u_new[reach:] = a[reach:] * u[:T - reach] + u[reach:]
    return a_new, u_new


scan_round.says(
    "order_of_the_two", {"a[t] * u[t - reach] + u[t]": "a[t - reach] * u[t] + u[t - reach]"},
    ko="두 쌍의 순서가 바뀌었습니다. 먼저 일어난 쌍이 남긴 것에 나중 쌍의 배율을 곱합니다.",
    en="The two pairs are in the wrong order. What the earlier pair left is multiplied by the later pair's factor.")
scan_round.says(
    "written_into_what_is_read",
    {"a[t] * a[t - reach]": "a[t] * a_new[t - reach]", "a[t] * u[t - reach]": "a[t] * u_new[t - reach]"},
    ko="이 라운드에서 이미 바꾼 쌍을 다시 읽었습니다. 한 라운드의 모든 묶음은 라운드가 시작할 때의 쌍을 읽습니다. 그래야 동시에 계산할 수 있습니다.",
    en="This reads pairs that the same round has already changed. All joins of a round read the pairs as they were "
       "when it began: only then can they be made at once.")
scan_round.says(
    "neighbour", {"a[t] * a[t - reach]": "a[t] * a[t - 1]", "a[t] * u[t - reach]": "a[t] * u[t - 1]"},
    ko="언제나 바로 앞의 쌍과 묶었습니다. `reach` 시점 앞의 쌍과 묶어야 이미 묶인 것들이 겹치지 않습니다.",
    en="Each pair is joined with the one right before it. It should be the one `reach` steps before, so that what they "
       "already hold does not overlap.")

# -------------------------------------------------------------------------------------- modern-recurrence/as_a_matrix

as_a_matrix = Exercise(
    "modern-recurrence/as_a_matrix", "as_a_matrix(a (T)) -> M (T, T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind(name="zero", ko="배율 하나가 0", en="one factor is 0")))


@as_a_matrix.inputs
def as_a_matrix_inputs(rng, sizes, name):
    a = rng.uniform(0.2, 0.9, sizes["T"])
    if name == "zero":
        a[len(a) // 2] = 0
    return {"a": a}


@as_a_matrix.solution
def products_between(a):
    T = len(a)
    M = np.zeros((T, T))
    for t in range(T):
        for s in range(t + 1):
            # ⟦s 다음부터 t까지의 배율을 모두|all factors after s, up to t⟧
            M[t, s] = np.prod(a[s + 1:t + 1])
    return M


@as_a_matrix.solution
def row_from_the_row_above(a):
    T = len(a)
    M = np.eye(T)
    for t in range(1, T):
        M[t, :t] = a[t] * M[t - 1, :t]
    return M


as_a_matrix.says(
    "own_factor_too", {"a[s + 1:t + 1]": "a[s:t + 1]"},
    ko="a(s)까지 곱했습니다. 시점 s에 들어온 u(s)는 a(s)가 곱해진 다음에 더해지므로 그 배율을 거치지 않습니다.",
    en="a(s) is in the product, too. What comes in at step s is added after the multiplication by a(s), so it does not "
       "meet that factor.")
as_a_matrix.says(
    "last_factor_missing", {"a[s + 1:t + 1]": "a[s + 1:t]"},
    ko="a(t)가 빠졌습니다. 시점 t의 배율도 그 전에 들어온 모든 것에 곱해집니다.",
    en="a(t) is missing. The factor of step t, too, multiplies all that came in before.")
as_a_matrix.says(
    "one_factor_to_a_power", {"np.prod(a[s + 1:t + 1])": "a[t] ** (t - s)"},
    ko="배율 하나를 거듭제곱했습니다. 그것은 배율이 시점마다 같을 때, 즉 합성곱일 때만 맞습니다.",
    en="One factor is raised to a power. That is right only if the factor is the same at every step, when it is a "
       "convolution.")
as_a_matrix.says(
    "sees_the_future", {"M[t, s] = np.prod": "M[s, t] = np.prod"},
    ko="행과 열이 바뀌었습니다. 행은 상태의 시점, 열은 입력의 시점이며, 나중 입력은 앞 상태에 영향을 주지 않습니다.",
    en="Rows and columns are exchanged. A row belongs to a state, a column to an input; later inputs do not act on "
       "earlier states.")
