// The chain rule through time, for any recurrence s(t) = f(s(t-1), x(t)), in flat arrays. The small ones that every
// step makes are plain: the engine throws away many typed arrays far more slowly.
//
// A network (rnn.js, lstm.js, gru.js) is what one forward pass leaves behind:
//   size             S, how many numbers the state s(t) holds; its first H are h(t)
//   hs               h(0) … h(T)
//   hiddenBiases     how many of W_hh's last rows have a bias of their own
//   back(t, flow)    from ∂L/∂s(t) (S):
//                    { before: ∂L/∂s(t-1) (S), fromX: ∂L/∂(W_ih x(t) + b), fromH: ∂L/∂(W_hh h(t-1)) }
//   ahead(t, product, out)    out = ∂s(t)/∂s(t-1) · product, both (S, S)

// layers: networks, the lowest first, each with its inputs xs, x(1) … x(T), and weight_ih; direction (H): the gradient
// that each step with a loss sends to what the top layer puts out there. Gives for each layer dh[layer-1][t-1] =
// ‖∂L/∂s(t)‖, and gradient, the norm of all parameters' gradients together.
export function flowBack(layers, { direction, loss, skips }) {
  const T = layers[0].xs.length;
  const none = new Array(direction.length).fill(0);
  const dh = [];
  const norms = [];
  let arrived = layers[0].xs.map((_, n) => (n === T - 1 || loss === "every" ? direction : none));
  for (let layer = layers.length; layer >= 1; layer -= 1) {
    const { sizes, grads, fromXs } = layerBack(layers[layer - 1], arrived);
    dh.unshift(sizes);
    norms.push(...grads.map(norm));
    if (layer === 1) break;
    const above = arrived;
    arrived = fromXs.map((fromX) => transposed(layers[layer - 1].weight_ih, fromX, direction.length));
    if (skips) arrived = arrived.map((dx, n) => dx.map((value, u) => value + above[n][u]));
  }
  return { dh, gradient: Math.hypot(...norms) };
}

// One layer: arrived[t-1] (H) is what comes to h(t) from above. Gives its sizes ‖∂L/∂s(t)‖, its parameters' gradients
// and fromXs[t-1] = ∂L/∂(W_ih x(t) + b).
function layerBack({ size, hs, hiddenBiases, back, xs }, arrived) {
  const T = xs.length;
  const sizes = new Float64Array(T);
  const fromXs = [];
  let flow = new Array(size).fill(0);
  let grads = null;
  for (let t = T; t >= 1; t -= 1) {
    for (let i = 0; i < arrived[t - 1].length; i += 1) flow[i] += arrived[t - 1][i];
    sizes[t - 1] = norm(flow);
    const { before, fromX, fromH } = back(t, flow);
    grads ??= [fromX.length * xs[0].length, fromX.length * hs[0].length, fromX.length, hiddenBiases]
      .map((length) => new Float64Array(length));
    const [weight_ih, weight_hh, bias, bias_hh] = grads;
    addOuter(weight_ih, fromX, xs[t - 1]);
    addOuter(weight_hh, fromH, hs[t - 1]);
    for (let row = 0; row < fromX.length; row += 1) bias[row] += fromX[row];
    for (let row = 0; row < hiddenBiases; row += 1) bias_hh[row] += fromH[fromH.length - hiddenBiases + row];
    fromXs[t - 1] = fromX;
    flow = before;
  }
  return { sizes, grads, fromXs };
}

function addOuter(sum, rows, columns) {
  const N = columns.length;
  for (let r = 0; r < rows.length; r += 1) for (let c = 0; c < N; c += 1) sum[r * N + c] += rows[r] * columns[c];
}

// norms[(t-1)·T + (k-1)] = ‖∂s(t)/∂s(k)‖ for t ≥ k, NaN elsewhere: the Frobenius norm over √S, by which a random nudge
// of s(k) grows on its way to s(t) (root mean square); 1 for t = k.
export function jacobianNorms(T, { size: S, ahead }) {
  const norms = new Float64Array(T * T).fill(NaN);
  let [product, next] = [new Float64Array(S * S), new Float64Array(S * S)];
  for (let k = 1; k <= T; k += 1) {
    product.fill(0);
    for (let i = 0; i < S; i += 1) product[i * S + i] = 1;
    norms[(k - 1) * T + k - 1] = 1;
    for (let t = k + 1; t <= T; t += 1) {
      ahead(t, product, next);
      norms[(t - 1) * T + k - 1] = norm(next) / Math.sqrt(S);
      [product, next] = [next, product];
    }
  }
  return norms;
}

// out = left · right: left (R, M), right (at least M, N), out (at least R, N); R even, N a multiple of 4. Two rows and
// four columns at a time keep the sums in registers, several times faster than the plain triple loop, which lets a
// slider repaint within a frame.
export function multiply(left, right, out, R, M, N) {
  if (R % 2 || N % 4) throw new Error(`rows must be a multiple of 2 and columns of 4, got ${R} and ${N}`);
  for (let i = 0; i < R; i += 2) {
    const [upper, lower] = [i * M, (i + 1) * M];
    for (let j = 0; j < N; j += 4) {
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0;
      let b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let m = 0, r = j; m < M; m += 1, r += N) {
        const a = left[upper + m];
        const b = left[lower + m];
        const r0 = right[r], r1 = right[r + 1], r2 = right[r + 2], r3 = right[r + 3];
        a0 += a * r0; a1 += a * r1; a2 += a * r2; a3 += a * r3;
        b0 += b * r0; b1 += b * r1; b2 += b * r2; b3 += b * r3;
      }
      const [first, second] = [i * N + j, (i + 1) * N + j];
      out[first] = a0; out[first + 1] = a1; out[first + 2] = a2; out[first + 3] = a3;
      out[second] = b0; out[second + 1] = b1; out[second + 2] = b2; out[second + 3] = b3;
    }
  }
}

// weightᵀ · vector: weight (rows, H), row by row
export function transposed(weight, vector, H) {
  const out = new Array(H).fill(0);
  for (let r = 0; r < vector.length; r += 1) for (let j = 0; j < H; j += 1) out[j] += weight[r * H + j] * vector[r];
  return out;
}

export function norm(values) {
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) squares += values[i] * values[i];
  return Math.sqrt(squares);
}
