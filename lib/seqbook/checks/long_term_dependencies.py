"""The exercises of `lstm/long-term-dependencies`: spectral radius, product of Jacobians, the straight road, adding."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ------------------------------------------------------------------------------------- long-term-dependencies/rescaled

rescaled = Exercise(
    "long-term-dependencies/rescaled",
    "rescaled(weight (H, H), radius) -> W (H, H)",
    kinds=(GENERAL, GENERAL, Kind(name="negative", ko="가장 큰 고윳값이 음수일 때", en="the largest eigenvalue negative")),
)


@rescaled.inputs
def rescaled_inputs(rng, sizes, name):
    H = sizes["H"]
    radius = rng.uniform(0.5, 1.5)
    if name == "negative":    # all entries negative: so is the eigenvalue of largest size (Perron and Frobenius)
        return {"weight": -rng.uniform(0.5, 1.5, (H, H)), "radius": radius}
    turning = rng.standard_normal((H, H))
    # mostly antisymmetric, so that the largest eigenvalues are a complex pair
    return {"weight": 0.5 * rng.standard_normal((H, H)) + 2 * (turning - turning.T), "radius": radius}


def _largest_eigenvalue(weight):
    return np.abs(np.linalg.eigvals(weight)).max()


@rescaled.solution
def rescaled_reference(weight, radius):
    return radius / _largest_eigenvalue(weight) * weight


@rescaled.alternative
def rescaled_by_a_loop(weight, radius):
    values, _ = np.linalg.eig(weight)
    largest = max(abs(value) for value in values)
    return np.array([[radius * entry / largest for entry in row] for row in weight])


@rescaled.alternative
def rescaled_in_single_precision(weight, radius):
    unit = weight.astype(np.float32) / np.float32(_largest_eigenvalue(weight))
    return unit * np.float32(radius)


@rescaled.mistake(
    ko="가장 큰 특잇값으로 나누었습니다. 스펙트럼 반지름을 정하는 것은 고윳값입니다. 둘은 대칭 행렬이 아니면 다릅니다.",
    en="This divides by the largest singular value. The spectral radius is about eigenvalues; unless the matrix is "
       "symmetric, the two differ.")
def singular_value(weight, radius):
    return radius / np.linalg.norm(weight, 2) * weight


@rescaled.mistake(
    ko="행렬의 모든 원소로 구한 노름(프로베니우스 노름)으로 나누었습니다. 스펙트럼 반지름은 고윳값에서 나옵니다.",
    en="This divides by the norm of all entries (the Frobenius norm). The spectral radius comes from the eigenvalues.")
def frobenius_norm(weight, radius):
    return radius / np.linalg.norm(weight) * weight


@rescaled.mistake(
    ko="가장 큰 원소로 나누었습니다. 행렬을 거듭 곱할 때 크기를 정하는 것은 원소가 아니라 고윳값입니다.",
    en="This divides by the largest entry. What decides the size of a matrix's powers is its eigenvalues, not its "
       "entries.")
def largest_entry(weight, radius):
    return radius / np.abs(weight).max() * weight


@rescaled.mistake(
    ko="고윳값의 실수부만 보았습니다. 대칭이 아닌 행렬의 고윳값은 복소수일 수 있고, 크기는 절댓값입니다.",
    en="Only the real parts of the eigenvalues are looked at. A matrix that is not symmetric can have complex "
       "eigenvalues, and their size is the absolute value.")
def real_parts(weight, radius):
    return radius / np.abs(np.linalg.eigvals(weight).real).max() * weight


@rescaled.mistake(
    ko="대칭 행렬에만 맞는 함수로 고윳값을 구했습니다. 이 행렬은 대칭이 아닙니다.",
    en="The eigenvalues come from a function that is right for symmetric matrices only. This matrix is not symmetric.")
def symmetric_only(weight, radius):
    return radius / np.abs(np.linalg.eigvalsh(weight)).max() * weight


@rescaled.mistake(
    ko="스펙트럼 반지름을 1로 맞추는 데서 멈추었습니다. 원하는 값은 `radius`입니다.",
    en="This stops at a spectral radius of 1. The value wanted is `radius`.")
def radius_forgotten(weight, radius):
    return weight / _largest_eigenvalue(weight)


@rescaled.mistake(
    ko="`radius`를 곱하기만 했습니다. 먼저 지금의 스펙트럼 반지름이 얼마인지 구해서 없애야 합니다.",
    en="This only multiplies by `radius`. First find the spectral radius that the matrix has now, and remove it.")
def not_divided(weight, radius):
    return radius * weight


@rescaled.mistake(
    ko="나누고 곱하는 것이 서로 바뀌었습니다. 지금의 스펙트럼 반지름으로 나누고 원하는 값을 곱해야 합니다.",
    en="Dividing and multiplying have changed places: divide by the present spectral radius, multiply by the one wanted.")
def upside_down(weight, radius):
    return _largest_eigenvalue(weight) / radius * weight


# ------------------------------------------------------------------------------- long-term-dependencies/jacobian_norms

jacobian_norms = Exercise(
    "long-term-dependencies/jacobian_norms",
    "jacobian_norms(hs (T, H), weight_hh (H, H)) -> norms (T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"T": 2})),
)


@jacobian_norms.inputs
def jacobian_norms_inputs(rng, sizes, name):
    T, H = sizes["T"], sizes["H"]
    return {"hs": np.tanh(rng.standard_normal((T, H))), "weight_hh": 1.5 * rng.standard_normal((H, H)) / np.sqrt(H)}


def _norms(hs, weight_hh, *, step=lambda h, W: np.diag(1 - h**2) @ W, append=lambda J, one: J @ one,
           size=lambda J: np.linalg.norm(J, 2), slope_of=1, last=lambda one: np.eye(len(one))):
    T, H = hs.shape
    J = last(step(hs[-1], weight_hh))
    norms = np.empty(T)
    norms[-1] = size(J)
    for t in reversed(range(T - 1)):
        J = append(J, step(hs[t + slope_of], weight_hh))
        norms[t] = size(J)
    return norms


@jacobian_norms.solution
def jacobian_norms_reference(hs, weight_hh):
    return _norms(hs, weight_hh)


@jacobian_norms.alternative
def each_product_anew(hs, weight_hh):
    norms = []
    for t in range(len(hs)):
        J = np.eye(len(weight_hh), dtype=np.float32)
        for later in hs[t + 1:]:
            J = ((1 - later**2)[:, None] * weight_hh) @ J
        norms.append(np.linalg.svd(J, compute_uv=False)[0])
    return np.array(norms)


@jacobian_norms.alternative
def rows_scaled_backwards(hs, weight_hh):
    J, norms = np.eye(len(weight_hh)), [1.0]
    for h in hs[:0:-1]:
        J = J * (1 - h**2) @ weight_hh
        norms.insert(0, np.sqrt(np.linalg.eigvalsh(J.T @ J)[-1]))
    return np.array(norms)


@jacobian_norms.mistake(
    ko="tanh의 도함수가 빠졌습니다. 한 걸음의 야코비 행렬은 W만이 아닙니다.",
    en="The derivative of tanh is missing. The Jacobian of a step is not W alone.")
def slope_missing(hs, weight_hh):
    return _norms(hs, weight_hh, step=lambda h, W: W)


@jacobian_norms.mistake(
    ko="한 걸음 안에서 두 인수의 순서가 바뀌었습니다. W를 곱한 다음에 tanh를 지나므로, 도함수의 대각 행렬은 W의 왼쪽에 섭니다.",
    en="Within a step the two factors are in the wrong order. tanh comes after the product with W, so the diagonal "
       "matrix of its derivative stands to the left of W.")
def factors_swapped(hs, weight_hh):
    return _norms(hs, weight_hh, step=lambda h, W: W @ np.diag(1 - h**2))


@jacobian_norms.mistake(
    ko="걸음들의 야코비 행렬을 거꾸로 이어 곱했습니다. 나중 시점의 것이 왼쪽, 앞 시점의 것이 오른쪽입니다.",
    en="The steps' Jacobians are multiplied the wrong way round: later steps stand on the left, earlier ones on the "
       "right.")
def product_reversed(hs, weight_hh):
    return _norms(hs, weight_hh, append=lambda J, one: one @ J)


@jacobian_norms.mistake(
    ko="도함수를 한 시점 앞의 상태에서 구했습니다. tanh의 도함수는 그 걸음이 만들어 낸 상태로 적습니다.",
    en="The derivative is taken at the state one step too early. The derivative of tanh is written in the state that the "
       "step produced.")
def slope_of_the_state_before(hs, weight_hh):
    return _norms(hs, weight_hh, slope_of=0)


@jacobian_norms.mistake(
    ko="W를 전치했습니다. 전치한 행렬은 기울기 벡터를 거꾸로 보낼 때 곱하는 것이고, 야코비 행렬 자체에는 W가 그대로 들어갑니다.",
    en="W is transposed. The transpose multiplies a gradient vector on its way back; in the Jacobian itself W stands as "
       "it is.")
def weight_transposed(hs, weight_hh):
    return _norms(hs, weight_hh, step=lambda h, W: np.diag(1 - h**2) @ W.T)


@jacobian_norms.mistake(
    ko="모든 원소로 구한 노름(프로베니우스 노름)입니다. 여기서는 행렬이 벡터를 가장 많이 늘이는 배율, 곧 가장 큰 특잇값을 구합니다.",
    en="This is the norm of all entries (Frobenius). Wanted is the most by which the matrix stretches a vector, its "
       "largest singular value.")
def frobenius(hs, weight_hh):
    return _norms(hs, weight_hh, size=np.linalg.norm)


@jacobian_norms.mistake(
    ko="곱의 노름 대신 노름의 곱을 구했습니다. 노름의 곱은 위쪽 한계일 뿐이고, 곱의 노름은 그보다 작을 수 있습니다.",
    en="This is the product of the norms, not the norm of the product. The former is only an upper bound of the latter.")
def product_of_norms(hs, weight_hh):
    norms = [np.linalg.norm(np.diag(1 - h**2) @ weight_hh, 2) for h in hs[1:]]
    return np.append(np.cumprod(norms[::-1])[::-1], 1.0)


@jacobian_norms.mistake(
    ko="한 걸음이 더 곱해졌습니다. 마지막 상태를 자기 자신으로 미분하면 단위행렬이므로 마지막 값은 1입니다.",
    en="There is one step too many. The last state's derivative by itself is the identity, so the last value is 1.")
def one_step_too_many(hs, weight_hh):
    return _norms(hs, weight_hh, last=lambda one: one)


@jacobian_norms.mistake(
    ko="노름 대신 스펙트럼 반지름을 구했습니다. 곱한 행렬 하나의 배율은 고윳값이 아니라 특잇값이 정합니다.",
    en="This is the spectral radius, not the norm. By how much one matrix stretches is a matter of singular values, not "
       "of eigenvalues.")
def radius_for_norm(hs, weight_hh):
    return _norms(hs, weight_hh, size=_largest_eigenvalue)


# --------------------------------------------------------------------------------- long-term-dependencies/carried_back

carried_back = Exercise(
    "long-term-dependencies/carried_back",
    "carried_back(dC (B, H), f (B, T, H)) -> dCs (B, T, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})),
)


@carried_back.inputs
def carried_back_inputs(rng, sizes, name):
    return {"f": rng.uniform(0.3, 0.95, (sizes["B"], sizes["T"], sizes["H"]))}


def _after(f):
    """f_T ⊙ … ⊙ f_{t+1} for every t, (B, T, H)."""
    ones = np.ones_like(f[:, :1])
    return np.concatenate([np.cumprod(f[:, :0:-1], axis=1)[:, ::-1], ones], axis=1)


@carried_back.solution
def carried_back_reference(dC, f):
    return dC[:, None] * _after(f)


@carried_back.alternative
def step_by_step_backwards(dC, f):
    B, T, H = f.shape
    dCs = np.empty((B, T, H), np.float32)
    dCs[:, -1] = dC
    for t in range(T - 2, -1, -1):
        dCs[:, t] = dCs[:, t + 1] * f[:, t + 1]
    return dCs


@carried_back.alternative
def each_product(dC, f):
    return np.stack([dC * f[:, t + 1:].prod(axis=1) for t in range(f.shape[1])], axis=1)


@carried_back.mistake(
    ko="제 시점의 게이트까지 곱했습니다. 시점 t의 게이트는 t의 셀 상태에 들어올 때 곱해진 것이고, 여기서 나가는 길에는 없습니다.",
    en="A step's own gate is multiplied in too. The gate of step t acts on the way into that step's cell state, not on "
       "the way out of it.")
def own_gate_included(dC, f):
    return dC[:, None] * np.cumprod(f[:, ::-1], axis=1)[:, ::-1]


@carried_back.mistake(
    ko="앞에서부터 곱했습니다. 기울기는 마지막 시점에서 출발하므로 그 시점과 마지막 사이의 게이트를 곱해야 합니다.",
    en="The product runs from the front. The gradient starts at the last step, so multiply the gates that lie between the "
       "step and the end.")
def from_the_front(dC, f):
    return dC[:, None] * np.cumprod(f, axis=1)


@carried_back.mistake(
    ko="바로 다음 게이트 하나만 곱했습니다. 마지막 시점까지 가는 길에 있는 게이트를 모두 지나야 합니다.",
    en="Only the very next gate is multiplied in. The road to the last step passes all the gates between.")
def next_gate_only(dC, f):
    ones = np.ones_like(f[:, :1])
    return dC[:, None] * np.concatenate([f[:, 1:], ones], axis=1)


@carried_back.mistake(
    ko="게이트를 곱하지 않고 더했습니다. 연쇄 법칙에서 한 줄로 이어진 걸음들은 곱해집니다.",
    en="The gates are added, not multiplied. By the chain rule, steps in a row multiply.")
def gates_added(dC, f):
    after = np.cumsum(f[:, :0:-1], axis=1)[:, ::-1]
    return dC[:, None] * np.concatenate([after, np.ones_like(f[:, :1])], axis=1)


@carried_back.mistake(
    ko="마지막 게이트만 거듭 곱했습니다. 게이트는 시점마다 다릅니다.",
    en="The last gate is used for every step. The gates differ from step to step.")
def last_gate_repeated(dC, f):
    T = f.shape[1]
    return dC[:, None] * f[:, -1:] ** np.arange(T - 1, -1, -1)[:, None]


@carried_back.mistake(
    ko="게이트의 곱만 있고 `dC`가 보이지 않습니다. 마지막 시점에서 출발하는 기울기에 곱해야 합니다.",
    en="This is the product of the gates alone; `dC` does not enter. It is the gradient that sets out from the last step.")
def gradient_forgotten(dC, f):
    return _after(f)


@carried_back.mistake(
    ko="시점의 순서가 거꾸로입니다. 마지막 시점의 기울기가 배열의 맨 뒤에 와야 합니다.",
    en="The steps are in reverse order. The last step's gradient belongs at the end of the array.")
def reversed_in_time(dC, f):
    return carried_back_reference(dC, f)[:, ::-1]


# --------------------------------------------------------------------------------- long-term-dependencies/mark_and_add

mark_and_add = Exercise(
    "long-term-dependencies/mark_and_add",
    "mark_and_add(numbers (B, T), first (B), second (B)) -> marks (B, T), y (B)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@mark_and_add.inputs
def mark_and_add_inputs(rng, sizes, name):
    B, T = sizes["B"], sizes["T"]
    half = T // 2
    return {"numbers": rng.uniform(0.05, 1, (B, T)), "first": rng.integers(half, size=B),
            "second": rng.integers(half, T, size=B)}


def _marks(numbers, *columns):
    marks = np.zeros_like(numbers)
    for column in columns:
        marks[np.arange(len(numbers)), column] = 1
    return marks


@mark_and_add.solution
def mark_and_add_reference(numbers, first, second):
    marks = _marks(numbers, first, second)
    return marks, (numbers * marks).sum(axis=1)


@mark_and_add.alternative
def row_by_row(numbers, first, second):
    marks, y = np.zeros(numbers.shape, np.float32), []
    for b, (i, j) in enumerate(zip(first, second)):
        marks[b, [i, j]] = 1.0
        y.append(numbers[b, i] + numbers[b, j])
    return marks, np.array(y)


@mark_and_add.alternative
def rows_of_the_identity(numbers, first, second):
    one_hot = np.eye(numbers.shape[1])
    marks = one_hot[first] + one_hot[second]
    return marks, np.einsum("bt,bt->b", numbers, marks)


@mark_and_add.mistake(
    ko="한 시퀀스의 표시가 모든 시퀀스에 찍혔습니다. 행을 모두 고르면 각 행의 자리가 아니라 모든 자리의 열이 칠해집니다. 행과 열의 "
       "번호를 짝지어 보세요.",
    en="Every sequence got the marks of all. To select all rows paints whole columns, not one place in each row; pair "
       "each row's number with its column's.")
def whole_columns(numbers, first, second):
    marks = np.zeros_like(numbers)
    marks[:, first] = 1
    marks[:, second] = 1
    return marks, (numbers * marks).sum(axis=1)


@mark_and_add.mistake(
    ko="표시된 두 수를 곱했습니다. 답은 합입니다.",
    en="The two marked numbers are multiplied. The answer is their sum.")
def product(numbers, first, second):
    rows = np.arange(len(numbers))
    return _marks(numbers, first, second), numbers[rows, first] * numbers[rows, second]


@mark_and_add.mistake(
    ko="표시된 두 수의 평균입니다. 답은 합입니다.",
    en="This is the mean of the two marked numbers. The answer is their sum.")
def mean(numbers, first, second):
    marks, y = mark_and_add_reference(numbers, first, second)
    return marks, y / 2


@mark_and_add.mistake(
    ko="표시하지 않은 수까지 모두 더했습니다. 표시가 있는 두 수만 더합니다.",
    en="All numbers are added, marked or not. Add the two marked ones only.")
def everything_added(numbers, first, second):
    return _marks(numbers, first, second), numbers.sum(axis=1)


@mark_and_add.mistake(
    ko="앞의 표시 하나만 찍혔습니다. 표시는 두 곳입니다.",
    en="Only the first mark is there. There are two.")
def one_mark(numbers, first, second):
    marks = _marks(numbers, first)
    return marks, (numbers * marks).sum(axis=1)


@mark_and_add.mistake(
    ko="표시가 뒤집혔습니다. 더할 두 곳이 1이고 나머지가 0입니다.",
    en="The marks are inverted. The two places to add are 1, all others 0.")
def marks_inverted(numbers, first, second):
    marks, y = mark_and_add_reference(numbers, first, second)
    return 1 - marks, y


@mark_and_add.mistake(
    ko="두 수가 아니라 두 자리의 번호를 더했습니다. `numbers`에서 그 자리에 있는 수를 꺼내야 합니다.",
    en="This adds the two places' indices, not the numbers there. Take the numbers out of `numbers`.")
def places_added(numbers, first, second):
    return _marks(numbers, first, second), (first + second).astype(float)


EXERCISES = (rescaled, jacobian_norms, carried_back, mark_and_add)
