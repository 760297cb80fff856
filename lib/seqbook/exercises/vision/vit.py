"""The exercises of `vision/vit`: patches cut wrongly, gradients at the front of the model, places in two dimensions.
"""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.scratch.positions import sinusoids

# ----------------------------------------------------------------------------------------------- vit/repaired_patches

repaired_patches = Exercise(
    "vit/repaired_patches",
    "repaired_patches(images (B, C, 2R, 2S)) -> patches (B, R, S, 4C)",
    kinds=(GENERAL, GENERAL, Kind({"C": 1}), Kind({"B": 1}), Kind({"R": 1}), Kind({"S": 1})))


@repaired_patches.solution
def rows_and_columns_apart(images):
    B, C, H, W = images.shape
    grid = images.reshape(B, C, H // 2, 2, W // 2, 2)      # ⟦두 축을 따로 자름|each axis cut by itself⟧
    return grid.transpose(0, 2, 4, 1, 3, 5).reshape(B, H // 2, W // 2, 4 * C)


@repaired_patches.solution
def pixel_by_pixel(images):
    B, C, H, W = images.shape
    corners = [images[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)]       # 4 · (B, C, R, S)
    return np.stack(corners, axis=2).reshape(B, 4 * C, H // 2, W // 2).transpose(0, 2, 3, 1)


repaired_patches.says(
    "runs_of_four", {"reshape(B, C, H // 2, 2, W // 2, 2)": "reshape(B, C, H // 2, W // 2, 2, 2)",
                     "transpose(0, 2, 4, 1, 3, 5)": "transpose(0, 2, 3, 1, 4, 5)"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 한 패치에 한 행의 네 픽셀이 들어갑니다. 수를 0부터 15까지 적은 4×4 이미지로 첫 패치를 써 보세요.",
    en="The fault you were to find is still there: four pixels of one row make a patch. Write down the first patch of "
       "a 4×4 image with the numbers 0 to 15.")
repaired_patches.says(
    "channel_last", {"transpose(0, 2, 4, 1, 3, 5)": "transpose(0, 2, 4, 3, 5, 1)"},
    ko="패치 안의 순서가 다릅니다. 채널이 마지막에 있습니다. 채널이 하나면 드러나지 않지만, 이 책과 합성곱 커널의 순서는 채널, 행, 열입니다.",
    en="Inside a patch the order differs: the channel comes last. With one channel it does not show, but the order of "
       "this book, and of a convolution's kernel, is channel, row, column.")
repaired_patches.says(
    "patches_column_by_column", {"transpose(0, 2, 4, 1, 3, 5)": "transpose(0, 4, 2, 1, 3, 5)"},
    ko="패치들이 열을 따라 놓였습니다. 첫째 축은 패치의 행, 둘째 축은 패치의 열이어야 합니다.",
    en="The patches lie column by column. The first of their axes should be the row, the second the column.")

# ------------------------------------------------------------------------------------------------- vit/front_backward

front_backward = Exercise(
    "vit/front_backward",
    "front_backward(dfirst (B, E), dz (B, P, E), patches (B, P, D)) -> "
    "dclass_token (E), dpositions (P, E), dW (E, D), db (E)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1}), Kind({"P": 1}), Kind({"D": 1})))


@front_backward.solution
def one_copy_one_table_one_matrix(dfirst, dz, patches):
    dclass_token = dfirst.sum(axis=0)                        # ⟦모든 이미지에 같은 토큰|the same token in every image⟧
    dpositions = dz.sum(axis=0)                              # ⟦모든 이미지에 같은 표|the same table⟧
    dW = np.einsum("bpe,bpd->ed", dz, patches)               # ⟦모든 패치에 같은 행렬|the same matrix for every patch⟧
    db = dz.sum(axis=(0, 1))
    return dclass_token, dpositions, dW, db


@front_backward.solution
def in_rows(dfirst, dz, patches):
    rows, columns = dz.reshape(-1, dz.shape[-1]), patches.reshape(-1, patches.shape[-1])
    return dfirst.sum(axis=0), dz.sum(axis=0), rows.T @ columns, rows.sum(axis=0)


front_backward.says(
    "positions_shared_by_all_patches", {"dpositions = dz.sum(axis=0)":
                                        "dpositions = np.broadcast_to(dz.sum(axis=(0, 1)), dz.shape[1:])"},
    ko="모든 위치에 같은 기울기를 주었습니다. 위치의 벡터는 패치마다 하나씩이므로 자기 패치에서 온 기울기만 더해야 합니다.",
    en="All places get the same gradient. Every patch has a position vector of its own, which adds up what comes from "
       "that patch alone.")

# --------------------------------------------------------------------------------------------------- vit/positions_2d

positions_2d = Exercise(
    "vit/positions_2d", "positions_2d(rows, columns, size) -> positions (R, S, 4K)",
    kinds=(GENERAL, GENERAL, Kind({"R": 1}), Kind({"S": 1}), Kind({"K": 1})), bound=("rows", "columns", "size"))


@positions_2d.inputs
def positions_2d_inputs(rng, sizes, name):
    return {"rows": sizes["R"], "columns": sizes["S"], "size": 4 * sizes["K"]}


@positions_2d.solution
def half_for_the_row_half_for_the_column(rows, columns, size):
    shape = (rows, columns, size // 2)
    down = np.broadcast_to(sinusoids(rows, size // 2)[:, None], shape)      # ⟦모든 열에서 같은 값|the same in all columns⟧
    across = np.broadcast_to(sinusoids(columns, size // 2), shape)          # ⟦모든 행에서 같은 값|the same in all rows⟧
    return np.concatenate([down, across], axis=2)


@positions_2d.solution
def repeated_and_joined(rows, columns, size):
    down = np.repeat(sinusoids(rows, size // 2), columns, axis=0)
    across = np.tile(sinusoids(columns, size // 2), (rows, 1))
    return np.concatenate([down, across], axis=1).reshape(rows, columns, size)


positions_2d.says(
    "column_first", {"[down, across]": "[across, down]"},
    ko="앞쪽 절반과 뒤쪽 절반이 바뀌었습니다. 앞쪽이 행, 뒤쪽이 열입니다.",
    en="The two halves are exchanged. The row comes first, then the column.")
positions_2d.says(
    "frequencies_of_the_whole_size", {"sinusoids(rows, size // 2)": "sinusoids(rows, size)[:, :size // 2]",
                                      "sinusoids(columns, size // 2)": "sinusoids(columns, size)[:, :size // 2]"},
    ko="크기 size의 사인파를 만들어 앞쪽 절반만 썼습니다. 그러면 느린 주파수가 빠집니다. 절반의 크기로 만들어야 합니다.",
    en="Sinusoids of the whole size are made and half of them used. The slow frequencies are then missing: make them "
       "of half the size.")
