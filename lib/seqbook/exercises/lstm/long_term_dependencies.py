"""The exercises of `lstm/long-term-dependencies`: products of Jacobians, roads, a faulty measurement; adding."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ------------------------------------------------------------------------------------- long-term-dependencies/rescaled

rescaled = Exercise(
    "long-term-dependencies/rescaled",
    "rescaled(weight (H, H), radius) -> W (H, H)",
    kinds=(GENERAL, GENERAL, Kind(name="negative", ko="가장 큰 고윳값이 음수일 때", en="the largest eigenvalue negative"),
           Kind(name="growing", ko="스펙트럼 반지름을 키울 때", en="the spectral radius has to grow")),
)


@rescaled.inputs
def rescaled_inputs(rng, sizes, name):
    H = sizes["H"]
    radius = rng.uniform(0.5, 1.5)
    if name == "negative":    # all entries negative: so is the eigenvalue of largest size (Perron and Frobenius)
        return {"weight": -rng.uniform(0.5, 1.5, (H, H)), "radius": radius}
    while True:    # until neither the first nor the last eigenvalue, nor any real part, is as large as the largest
        turning = rng.standard_normal((H, H))
        # mostly antisymmetric, so that the largest eigenvalues are a complex pair
        weight = 0.5 * rng.standard_normal((H, H)) + 2 * (turning - turning.T)
        sizes_of = np.abs(np.linalg.eigvals(weight))
        if max(sizes_of[0], sizes_of[-1]) < 0.95 * sizes_of.max():
            return {"weight": 0.2 / sizes_of.max() * weight if name == "growing" else weight, "radius": radius}


@rescaled.solution
def of_radius(weight, radius):
    return radius / np.abs(np.linalg.eigvals(weight)).max() * weight


@rescaled.accepts
def of_radius_turned_round(weight, radius):    # the largest eigenvalue itself is negative, the radius is the same
    return -of_radius(weight, radius)


rescaled.says(
    "singular_value", {"np.abs(np.linalg.eigvals(weight)).max()": "np.linalg.norm(weight, 2)"},
    ko="가장 큰 특잇값으로 나누었습니다. 스펙트럼 반지름을 정하는 것은 고윳값입니다. 둘은 대칭 행렬이 아니면 다릅니다.",
    en="This divides by the largest singular value. The spectral radius is about eigenvalues; unless the matrix is "
       "symmetric, the two differ.")
rescaled.says(
    "frobenius_norm", {"np.abs(np.linalg.eigvals(weight)).max()": "np.linalg.norm(weight)"},
    ko="행렬의 모든 원소로 구한 노름(프로베니우스 노름)으로 나누었습니다. 스펙트럼 반지름은 고윳값에서 나옵니다.",
    en="This divides by the norm of all entries (the Frobenius norm). The spectral radius comes from the eigenvalues.")
rescaled.says(
    "largest_entry", {"np.linalg.eigvals(weight)": "weight"},
    ko="가장 큰 원소로 나누었습니다. 행렬을 거듭 곱할 때 크기를 정하는 것은 원소가 아니라 고윳값입니다.",
    en="This divides by the largest entry. The size of a matrix's powers is decided by its eigenvalues, not entries.")
rescaled.says(
    "real_parts", {"np.linalg.eigvals(weight)": "np.linalg.eigvals(weight).real"},
    ko="고윳값의 실수부만 보았습니다. 대칭이 아닌 행렬의 고윳값은 복소수일 수 있고, 크기는 절댓값입니다.",
    en="Only the real parts of the eigenvalues are looked at. A matrix that is not symmetric can have complex "
       "eigenvalues, and their size is the absolute value.")
rescaled.says(
    "largest_real_part", {"np.abs(np.linalg.eigvals(weight)).max()": "np.linalg.eigvals(weight).real.max()"},
    ko="고윳값의 절댓값이 아니라 실수부 가운데 가장 큰 것을 골랐습니다. 음수이거나 복소수인 고윳값도 그 크기로 비교합니다.",
    en="The largest real part is taken, not the largest absolute value: negative and complex eigenvalues count, too.")
rescaled.says(
    "symmetric_only", {"eigvals(": "eigvalsh("},
    ko="대칭 행렬에만 맞는 함수로 고윳값을 구했습니다. 이 행렬은 대칭이 아닙니다.",
    en="The eigenvalues come from a function that is right for symmetric matrices only. This matrix is not symmetric.")
rescaled.says(
    "first_eigenvalue", {".max()": "[0]"},
    ko="가장 큰 고윳값이 아니라 첫 번째 고윳값으로 나누었습니다. 고윳값은 크기 순서로 나오지 않습니다.",
    en="This divides by the first eigenvalue, not by the largest. They do not come in the order of their size.")

# ------------------------------------------------------------------------------- long-term-dependencies/jacobian_norms

jacobian_norms = Exercise(
    "long-term-dependencies/jacobian_norms",
    "jacobian_norms(hs (T, H), weight_hh (H, H)) -> norms (T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"T": 2})))


@jacobian_norms.inputs
def jacobian_norms_inputs(rng, sizes, name):
    T, H = sizes["T"], sizes["H"]
    return {"hs": np.tanh(rng.standard_normal((T, H))), "weight_hh": 1.5 * rng.standard_normal((H, H)) / np.sqrt(H)}


@jacobian_norms.solution
def norms_of_products(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.ones(T)
    for t in reversed(range(T - 1)):
        J = J @ np.diag(1 - hs[t + 1]**2) @ weight_hh    # ∂h_T/∂h_{t+1} · D W
        norms[t] = np.linalg.norm(J, 2)
    return norms


@jacobian_norms.solution
def norms_of_all_products(hs, weight_hh):
    T, H = hs.shape
    J, norms = np.eye(H), np.empty(T)
    for t in reversed(range(T)):
        norms[t] = np.linalg.norm(J, 2)
        J = J @ np.diag(1 - hs[t]**2) @ weight_hh
    return norms


jacobian_norms.says(
    "factors_swapped", {"np.diag(1 - hs[t + 1]**2) @ weight_hh": "weight_hh @ np.diag(1 - hs[t + 1]**2)"},
    ko="한 시점 안에서 두 인수의 순서가 바뀌었습니다. W를 곱한 다음에 tanh를 지난다는 점을 떠올려 보세요.",
    en="Within a step the two factors are in the wrong order. tanh comes after the product with W.")
jacobian_norms.says(
    "product_reversed", {"J @ np.diag(1 - hs[t + 1]**2) @ weight_hh": "np.diag(1 - hs[t + 1]**2) @ weight_hh @ J"},
    ko="시점들의 야코비 행렬을 거꾸로 이어 곱했습니다. 나중 시점의 것이 왼쪽, 앞 시점의 것이 오른쪽입니다.",
    en="The steps' Jacobians are multiplied the wrong way round. Later steps stand on the left, earlier ones on the "
       "right.")
jacobian_norms.says(
    "slope_of_the_state_before", {"hs[t + 1]": "hs[t]"},
    ko="도함수를 한 시점 이른 상태에서 구했습니다. tanh의 도함수는 그 시점의 계산이 만들어 낸 상태로 적습니다.",
    en="The derivative is taken at the state one step too early. The derivative of tanh is written in the state that "
       "the step produced.")
jacobian_norms.says(
    "frobenius", {"(J, 2)": "(J)"},
    ko="모든 원소로 구한 노름(프로베니우스 노름)입니다. 여기서는 행렬이 벡터를 가장 많이 늘리는 배율, 즉 가장 큰 특잇값을 구합니다.",
    en="This is the norm of all entries (Frobenius). Wanted is the most by which the matrix stretches a vector, its "
       "largest singular value.")
jacobian_norms.says(
    "radius_for_norm", {"np.linalg.norm(J, 2)": "np.abs(np.linalg.eigvals(J)).max()"},
    ko="노름 대신 스펙트럼 반지름을 구했습니다. 곱한 행렬 하나의 배율은 고윳값이 아니라 특잇값이 정합니다.",
    en="This is the spectral radius, not the norm. By how much one matrix stretches is a matter of singular values, "
       "not of eigenvalues.")


@jacobian_norms.mistake(
    ko="곱의 노름 대신 노름의 곱을 구했습니다. 노름의 곱은 위쪽 한계일 뿐이고, 곱의 노름은 그보다 작을 수 있습니다.",
    en="This is the product of the norms, not the norm of the product. The former only bounds the latter from above.")
def product_of_norms(hs, weight_hh):
    norms = [np.linalg.norm(np.diag(1 - h**2) @ weight_hh, 2) for h in hs[1:]]
    return np.append(np.cumprod(norms[::-1])[::-1], 1.0)


# ---------------------------------------------------------------------------------------- long-term-dependencies/roads

roads = Exercise(
    "long-term-dependencies/roads",
    "roads(J (T, 2H, 2H)) -> straight (H, H), detours (H, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"T": 2})))


@roads.inputs
def roads_inputs(rng, sizes, name):
    T, H = sizes["T"], sizes["H"]
    J = 0.7 * rng.standard_normal((T, 2 * H, 2 * H))
    J[:, H:, H:] = np.eye(H) * rng.uniform(0.5, 0.95, (T, 1, H))    # the forget gates
    return {"J": J}


@roads.solution
def part_of_the_product_and_product_of_the_parts(J):
    H = J.shape[1] // 2
    whole, straight = np.eye(2 * H), np.eye(H)
    for step in J:
        whole = step @ whole
        straight = step[H:, H:] @ straight
    return straight, whole[H:, H:] - straight    # ⟦전체에서 직접 경로를 뺍니다|the whole without the straight road⟧


roads.says(
    "whole_for_detours", {"whole[H:, H:] - straight": "whole[H:, H:]"},
    ko="직접 경로가 두 번 들어 있습니다. 곱한 행렬의 부분은 모든 경로의 합이므로, 거기서 직접 경로를 빼야 우회 경로만 남습니다.",
    en="The straight road is counted twice. The block of the product sums up all roads: take the straight one off.")

# ------------------------------------------------------------------------------- long-term-dependencies/repaired_sizes

repaired_sizes = Exercise(
    "long-term-dependencies/repaired_sizes",
    "repaired_sizes(hs (B, T, H), weight_hh (H, H), dlast (B, H)) -> sizes (T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@repaired_sizes.inputs
def repaired_sizes_inputs(rng, sizes, name):
    B, T, H = sizes["B"], sizes["T"], sizes["H"]
    return {"hs": np.tanh(rng.standard_normal((B, T, H))),
            "weight_hh": 1.5 * rng.standard_normal((H, H)) / np.sqrt(H)}


@repaired_sizes.solution
def mean_of_the_sizes(hs, weight_hh, dlast):
    B, T, H = hs.shape
    dh, sizes = dlast, np.empty(T)
    for t in reversed(range(T)):
        # ⟦시퀀스마다 크기를 잰 다음 평균|a size for each sequence, then the mean⟧
        sizes[t] = np.linalg.norm(dh, axis=1).mean()
        dh = dh * (1 - hs[:, t]**2) @ weight_hh
    return sizes


repaired_sizes.says(
    "still_the_size_of_the_mean", {"np.linalg.norm(dh, axis=1).mean()": "np.linalg.norm(dh.mean(axis=0))"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 방향이 다른 벡터를 먼저 평균하면 서로 상쇄합니다. 크기를 재는 일과 평균하는 일의 순서를 생각해 보세요.",
    en="The fault you were to find is still there. Vectors of different directions cancel when averaged first: "
       "think of the order of the two, taking the size and taking the mean.")
repaired_sizes.says(
    "size_of_the_batch", {"np.linalg.norm(dh, axis=1).mean()": "np.linalg.norm(dh)"},
    ko="배치 전체를 벡터 하나로 보고 크기를 쟀습니다. 시퀀스마다 크기가 하나씩 있어야 하고, 그 평균을 구합니다.",
    en="This is the size of the whole batch as one vector. Every sequence has a size of its own; wanted is their mean.")

# --------------------------------------------------------------------------------- long-term-dependencies/mark_and_add

mark_and_add = Exercise(
    "long-term-dependencies/mark_and_add",
    "mark_and_add(numbers (B, T), first (B), second (B)) -> marks (B, T), y (B)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@mark_and_add.inputs
def mark_and_add_inputs(rng, sizes, name):
    B, T = sizes["B"], sizes["T"]
    half = T // 2
    later = rng.permutation(np.arange(half, T))[1:]    # one place is marked in no sequence
    return {"numbers": rng.uniform(0.05, 1, (B, T)), "first": rng.integers(half, size=B),
            "second": rng.choice(later, size=B)}


@mark_and_add.solution
def marked(numbers, first, second):
    rows = np.arange(len(numbers))
    marks = np.zeros_like(numbers)
    marks[rows, first] = marks[rows, second] = 1
    return marks, (numbers * marks).sum(axis=1)


mark_and_add.says(
    "whole_columns", {"[rows,": "[:,"},
    ko="한 시퀀스의 표시가 모든 시퀀스에 찍혔습니다. 행을 모두 고르면 각 행의 자리가 아니라 모든 자리의 열이 칠해집니다. 행과 열의 "
       "번호를 짝지어 보세요.",
    en="Every sequence got the marks of all. To select all rows paints whole columns, not one place in each row; pair "
       "each row's number with its column's.")
mark_and_add.says(
    "marks_inverted", {"return marks": "return 1 - marks"},
    ko="표시가 뒤집혔습니다. 더할 두 곳이 1이고 나머지가 0입니다.",
    en="The marks are inverted. The two places to add are 1, all others 0.")
mark_and_add.says(
    "places_added", {"(numbers * marks).sum(axis=1)": "first + second"},
    ko="두 수가 아니라 두 자리의 번호를 더했습니다. `numbers`에서 그 자리에 있는 수를 꺼내야 합니다.",
    en="This adds the two places' indices, not the numbers there. Take the numbers out of `numbers`.")
mark_and_add.says(
    "product", {"(numbers * marks).sum(axis=1)": "numbers[rows, first] * numbers[rows, second]"},
    ko="표시된 두 수를 곱했습니다. 답은 합입니다.",
    en="The two marked numbers are multiplied. The answer is their sum.")
