"""The exercises of `rnn/deep`: a step of a stack with skips, its gradients, a stack with a fault, paths counted."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ---------------------------------------------------------------------------------------------------- deep/stack_step

stack_step = Exercise(
    "deep/stack_step",
    "stack_step(x (B, H), h (K, B, H), weight_ih (K, H, H), weight_hh (K, H, H), bias (K, H)) "
    "-> h_next (K, B, H), out (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"K": 1}), Kind({"B": 1})))


@stack_step.solution
def one_step_up(x, h, weight_ih, weight_hh, bias):
    out, h_next = x, []
    for k in range(len(h)):
        state = np.tanh(out @ weight_ih[k].T + h[k] @ weight_hh[k].T + bias[k])    # (B, H)
        out = state + out if k > 0 else state                                      # (B, H)
        h_next.append(state)
    return np.stack(h_next), out


stack_step.says(
    "no_skips", {"state + out if k > 0 else state": "state"},
    ko="스킵 연결이 빠졌습니다. 맨 아래가 아닌 층의 출력에는 무엇을 더하나요?",
    en="The skips are missing. What is added to the output of every layer but the lowest?")
stack_step.says(
    "skip_at_the_lowest", {"state + out if k > 0 else state": "state + out"},
    ko="맨 아래층에도 입력을 더했습니다. 이 책의 형태에서는 맨 아래층의 출력이 상태 그대로입니다.",
    en="The lowest layer adds its input as well. In this book's form its output is its state alone.")
stack_step.says(
    "skips_from_the_input", {"state + out if k > 0": "state + x if k > 0"},
    ko="층마다 맨 아래의 입력 x를 더했습니다. 더할 것은 바로 아래층에서 올라온 출력입니다.",
    en="Every layer adds x, the input of the stack. What it adds is the output that came from the layer right below.")
stack_step.says(
    "sum_handed_on_in_time", {"h_next.append(state)": "h_next.append(out)"},
    ko="다음 시점으로 넘길 상태에 더한 값이 섞였습니다. 더한 값은 위로만 가고, 옆으로는 상태만 갑니다.",
    en="The sum is handed on to the next step. The sum goes up only; what goes on in time is the state.")
stack_step.says(
    "reads_below_one_step_late", {"state + out if k > 0 else state": "h[k] + out if k > 0 else h[k]"},
    ko="위층이 한 시점 전의 상태를 읽습니다. 같은 시점에 방금 구한 상태를 읽어야 합니다.",
    en="The layer above reads the state of the step before. It should read the one just computed, of the same step.")
stack_step.says(
    "one_state_for_all", {"h[k] @": "h[0] @"},
    ko="모든 층이 맨 아래층의 상태를 이어받습니다. 층마다 자기 상태가 있습니다.",
    en="All layers go on from the lowest layer's state. Each has a state of its own.")
stack_step.says(
    "layer_reads_x", {"out @ weight_ih": "x @ weight_ih"},
    ko="모든 층이 x를 읽습니다. 둘째 층부터는 아래층의 출력을 읽습니다.",
    en="Every layer reads x. From the second on, a layer reads the output of the one below.")

# ----------------------------------------------------------------------------------------------- deep/layer_gradients

layer_gradients = Exercise(
    "deep/layer_gradients",
    "layer_gradients(dout (B, H), h (K, B, H), weight_ih (K, H, H)) -> dh (K, B, H)",
    kinds=(GENERAL, GENERAL, Kind({"K": 1}), Kind({"K": 2}), Kind({"B": 1})))


@layer_gradients.inputs
def layer_gradients_inputs(rng, sizes, name):
    K, B, H = sizes["K"], sizes["B"], sizes["H"]
    return {"dout": rng.standard_normal((B, H)), "h": np.tanh(rng.standard_normal((K, B, H))),
            "weight_ih": rng.standard_normal((K, H, H))}


@layer_gradients.solution
def down_the_stack(dout, h, weight_ih):
    dh = []
    for k in reversed(range(len(h))):
        dh.append(dout)                                # u_k = h_k + u_{k-1}
        da = dout * (1 - h[k]**2)                      # (B, H)
        dout = da @ weight_ih[k] + dout                # ⟦층을 지나온 것 + 건너뛴 것|through the layer + past it⟧
    return np.stack(dh[::-1])


layer_gradients.says(
    "no_skips", {"da @ weight_ih[k] + dout": "da @ weight_ih[k]"},
    ko="건너뛴 경로의 기울기가 빠졌습니다. 덧셈의 두 갈래 가운데 하나는 층을 지나지 않습니다.",
    en="The gradient that goes past the layers is missing. One of the two branches of each sum leads through no layer.")
layer_gradients.says(
    "only_skips", {"da @ weight_ih[k] + dout": "dout"},
    ko="층을 지나온 기울기가 빠졌습니다. 남은 것은 건너뛴 경로뿐이어서 모든 층이 같은 값을 받습니다.",
    en="The gradient that comes through the layers is missing. Only the way past them is left, the same for all.")
layer_gradients.says(
    "slope_on_the_way_past", {"da @ weight_ih[k] + dout": "da @ weight_ih[k] + da"},
    ko="건너뛴 경로에도 tanh의 도함수를 곱했습니다. 그 경로에는 tanh가 없습니다.",
    en="The way past is multiplied by the derivative of tanh as well. There is no tanh on it.")
layer_gradients.says(
    "slope_missing", {"dout * (1 - h[k]**2)": "dout"},
    ko="tanh의 도함수가 빠졌습니다.",
    en="The derivative of tanh is missing.")
layer_gradients.says(
    "slope_of_the_layer_below", {"h[k]**2": "h[k - 1]**2"},
    ko="다른 층의 상태로 도함수를 구했습니다. tanh의 도함수는 그 층이 만들어 낸 상태로 적습니다.",
    en="The derivative is taken at another layer's state. It is written in the state that the layer itself produced.")
layer_gradients.says(
    "transposed", {"weight_ih[k] +": "weight_ih[k].T +"},
    ko="가중치를 전치했습니다. 순전파에서 전치해 곱했으므로 거꾸로 갈 때는 그대로 곱합니다.",
    en="The weight is transposed. Forward it is multiplied as a transpose, so backward it stands as it is.")
layer_gradients.says(
    "top_first", {"dh[::-1]": "dh"},
    ko="층의 순서가 뒤집혔습니다. 맨 아래층의 기울기가 먼저입니다.",
    en="The layers come in the wrong order. The lowest layer's gradient is the first.")
layer_gradients.says(
    "after_the_slope", {"dh.append(dout)": "dh.append(dout * (1 - h[k]**2))"},
    ko="tanh 앞의 값에 대한 기울기를 돌려주었습니다. 필요한 것은 tanh를 지난 상태 h의 기울기입니다.",
    en="These are gradients of what goes into tanh. Wanted are those of the states h, which come out of it.")

# ------------------------------------------------------------------------------------------------ deep/repaired_stack

repaired_stack = Exercise(
    "deep/repaired_stack",
    "repaired_stack(x (B, T, H), weight_ih (K, H, H), weight_hh (K, H, H), bias (K, H)) -> hs (B, T, H)",
    kinds=(GENERAL, GENERAL, Kind({"K": 1}), Kind({"K": 2}), Kind({"T": 1}), Kind({"B": 1})))


@repaired_stack.solution
def a_fresh_state_for_each_layer(x, weight_ih, weight_hh, bias):
    B, T, H = x.shape
    hs = x
    for k in range(len(bias)):
        h, states = np.zeros((B, H)), []               # ⟦층마다 0에서 시작합니다|every layer starts from zeros⟧
        for t in range(T):
            h = np.tanh(hs[:, t] @ weight_ih[k].T + h @ weight_hh[k].T + bias[k])
            states.append(h)
        hs = np.stack(states, axis=1)                  # (B, T, H)
    return hs


repaired_stack.says(
    "last_state_of_the_layer_below", {"    hs = x\n": "    hs, h = x, np.zeros((B, H))\n",
                                      "h, states = np.zeros((B, H)), []": "states = []"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 둘째 층이 첫 시점에 넘겨받는 `h`는 누가 언제 만든 상태인가요?",
    en="The fault you were to find is still there. The `h` with which the second layer begins: whose state is it, and "
       "of which time step?")
repaired_stack.says(
    "state_never_handed_on", {"h @ weight_hh[k].T": "0 * h @ weight_hh[k].T"},
    ko="시점 사이에 상태가 전해지지 않습니다. 0으로 되돌리는 것은 층마다 한 번입니다.",
    en="No state is handed from step to step. It is set to zeros once for each layer, not at every step.")
repaired_stack.says(
    "every_layer_reads_x", {"hs[:, t] @": "x[:, t] @"},
    ko="모든 층이 x를 읽습니다. 둘째 층부터는 아래층의 출력을 읽습니다.",
    en="Every layer reads x. From the second on, a layer reads what the one below puts out.")
repaired_stack.says(
    "one_layer_for_all", {"weight_ih[k]": "weight_ih[0]", "weight_hh[k]": "weight_hh[0]", "bias[k]": "bias[0]"},
    ko="모든 층이 맨 아래층의 매개변수를 씁니다. 시점끼리는 공유하지만 층마다 자기 매개변수가 있습니다.",
    en="All layers use the lowest one's parameters. Time steps share them; layers have their own.")

# ------------------------------------------------------------------------------------------------- deep/sum_over_paths

sum_over_paths = Exercise(
    "deep/sum_over_paths",
    "sum_over_paths(weights (N, N)) -> totals (N)",
    kinds=(GENERAL, GENERAL, Kind({"N": 2})))


@sum_over_paths.inputs
def sum_over_paths_inputs(rng, sizes, name):
    return {"weights": np.tril(rng.uniform(0.5, 2.0, (sizes["N"], sizes["N"])), -1)}


@sum_over_paths.solution
def by_dynamic_programming(weights):
    totals = [1.0]
    for i in range(1, len(weights)):
        totals.append(weights[i, :i] @ np.array(totals))    # ⟦i로 오는 화살표를 모두 더합니다|over all arrows into i⟧
    return np.array(totals)


@sum_over_paths.solution
def by_lengths(weights):
    paths = np.zeros(len(weights))
    paths[0] = 1
    totals = paths
    for _ in range(len(weights) - 1):
        paths = weights @ paths                             # ⟦화살표 하나만큼 긴 경로|paths longer by one arrow⟧
        totals = totals + paths
    return totals


sum_over_paths.says(
    "last_arrows_only", {"weights[i, :i] @ np.array(totals)": "weights[i, :i].sum()"},
    ko="마지막 화살표의 가중치만 더했습니다. 화살표마다 그 출발점까지 온 경로들의 합도 곱해야 합니다.",
    en="These are the weights of the last arrows alone. Each is to be multiplied by what has come to its beginning.")
sum_over_paths.says(
    "straight_arrow_only", {"weights[i, :i] @ np.array(totals)": "weights[i, 0]"},
    ko="0번에서 바로 오는 화살표만 보았습니다. 다른 노드를 거쳐 오는 경로도 있습니다.",
    en="Only the arrow straight from node 0 is taken. There are paths through other nodes as well.")
sum_over_paths.says(
    "longest_path_only", {"weights[i, :i] @ np.array(totals)": "weights[i, i - 1] * totals[i - 1]"},
    ko="모든 노드를 거치는 가장 긴 경로 하나만 보았습니다. 노드를 건너뛰는 경로도 더해야 합니다.",
    en="Only the longest path, through every node, is taken. Those that skip nodes are to be added.")
sum_over_paths.says(
    "largest_only", {"weights[i, :i] @ np.array(totals)": "(weights[i, :i] * np.array(totals)).max()"},
    ko="가장 큰 것 하나만 골랐습니다. 경로마다의 곱을 모두 더합니다.",
    en="Only the largest is taken. The products of all paths are added.")
sum_over_paths.says(
    "begins_everywhere", {"weights[i, :i] @ np.array(totals)": "1 + weights[i, :i] @ np.array(totals)"},
    ko="노드마다 1을 더했습니다. 경로가 시작하는 노드는 0번 하나뿐입니다.",
    en="Every node adds 1. Paths begin at one node only, number 0.")
