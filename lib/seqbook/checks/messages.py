"""What the checker says, in both languages. Words in backquotes are shown as code."""

from typing import Any

MESSAGES: dict[str, tuple[str, str]] = {
    # headings
    "passed": ("맞았습니다", "Right"),
    "stub": ("아직 구현 전", "Not yet"),
    "failed": ("아직 다릅니다", "Not right yet"),
    # whole verdicts
    "passed_all": (
        "무작위 입력 {count}가지에서 모두 기준 풀이와 같은 값이 나왔습니다.",
        "The same values as the reference solution on all {count} random inputs."),
    "not_implemented": (
        "`{call}` 함수의 본문을 채우고 `raise NotImplementedError` 줄을 지운 다음 다시 확인해 보세요.",
        "Fill in the body of `{call}`, delete the line `raise NotImplementedError`, and check again."),
    "not_callable": (
        "함수 자체를 넘겨야 하는데 `{got}` 값을 받았습니다. 함수를 호출하지 말고 이름만 넘겨 주세요: "
        "`check(\"{id}\", {function})`.",
        "Hand over the function itself, not a value of type `{got}`: without calling it, "
        "`check(\"{id}\", {function})`."),
    "wrong_signature": (
        "이 함수는 `{call}`처럼 호출합니다. 지금 함수의 인수는 `{got}`입니다.",
        "The function is called as `{call}`, but yours takes `{got}`."),
    "timed_out": (
        "{seconds:g}초가 지나도 끝나지 않아서 멈추었습니다. 끝나지 않는 반복문, 너무 느린 계산, 너무 많은 `print`, 입력을 기다리는 "
        "`input` 가운데 무엇이 있는지 살펴보세요.",
        "Stopped, because it had not finished after {seconds:g} seconds. Look for a loop that never ends, a slow "
        "computation, a flood of `print`, or an `input` that waits."),
    "nested": (
        "확인 중인 함수 안에서 `check`를 다시 호출했습니다. `check`는 함수 바깥에서 호출하세요.",
        "`check` is called inside the function that it checks. Call it outside."),
    "exception": (
        "실행하다가 `{type}` 오류가 났습니다: {message}",
        "It stopped with `{type}`: {message}"),
    "exception_silent": ("실행하다가 `{type}` 오류가 났습니다.", "It stopped with `{type}`."),
    "exception_exit": (
        "`{type}` 때문에 함수가 중간에 끝났습니다. 프로그램을 끝내지 말고 값을 돌려주세요.",
        "The function ended with `{type}`. Return a value instead of leaving the program."),
    "unstable": (
        "같은 입력으로 두 번 호출했는데 서로 다른 값이 나왔습니다. 난수나 채우지 않은 `np.empty` 배열을 쓰지 않는지, "
        "함수 밖의 변수에 이전 호출의 값이 남지 않는지 살펴보세요.",
        "Called twice with the same inputs, it gave two different answers. Does it use random numbers, an `np.empty` "
        "that is never filled, or something kept from one call to the next?"),
    "mutated": (
        "값은 맞지만, 넘겨받은 인수 {names}의 내용을 바꾸어 놓았습니다. 함수를 호출한 곳의 배열까지 바뀌므로, "
        "사본을 만들어 계산하세요.",
        "The values are right, but the function changed what it was given: {names}. The caller's arrays change "
        "with it; work on a copy."),
    # the form of what came back
    "returned_none": (
        "돌려준 값이 `None`입니다. `return`을 빠뜨리지 않았나요?",
        "It returned `None`. Is the `return` missing?"),
    "returned_generator": (
        "값 대신 제너레이터를 돌려주었습니다. `yield` 대신 `return`을 써 보세요.",
        "It returned a generator, not a value. Use `return` in place of `yield`."),
    "returned_coroutine": (
        "값 대신 코루틴을 돌려주었습니다. `async` 없이 `def`로 정의하세요.",
        "It returned a coroutine, not a value. Define it with `def`, without `async`."),
    "returned_tuple": (
        "배열 `{name}` 하나를 돌려주어야 하는데 값 {got}개가 든 튜플이 나왔습니다. `return` 뒤의 쉼표를 살펴보세요.",
        "One array, `{name}`, is wanted; it returned a tuple of {got}. Look for a comma after `return`."),
    "returned_one": (
        "값 {count}개(`{names}`)를 차례로 돌려주어야 하는데 `{got}` 하나가 나왔습니다.",
        "It should return {count} values, `{names}`, in this order; it returned one `{got}`."),
    "wrong_count": (
        "값 {count}개(`{names}`)를 차례로 돌려주어야 하는데 {got}개가 나왔습니다.",
        "It should return {count} values, `{names}`, in this order; it returned {got}."),
    "not_a_dict": (
        "이름을 키로, 배열을 값으로 갖는 딕셔너리를 돌려주어야 하는데 `{got}` 값이 나왔습니다.",
        "It should return a dict from name to array; it returned a value of type `{got}`."),
    "wrong_keys": (
        "돌려준 딕셔너리의 키가 다릅니다. 빠진 키: {missing}. 필요 없는 키: {extra}.",
        "The dict that came back has other names. Missing: {missing}. Not wanted: {extra}."),
    "part_none": ("`{name}` 자리에 `None`이 있습니다.", "`{name}` is `None`."),
    "part_ragged": (
        "`{name}` 자리의 `{got}`는 길이가 서로 다른 줄로 되어 있어 배열이 될 수 없습니다.",
        "`{name}` is a `{got}` with rows of different lengths, which no array can be."),
    "part_masked": (
        "`{name}` 자리의 배열에는 가려진 값(masked)이 있습니다. 모든 자리에 값이 있는 배열을 돌려주세요.",
        "`{name}` is an array with masked entries. Return an array that has a value everywhere."),
    "part_object": (
        "`{name}` 자리의 배열은 dtype이 object이고, 그 안에 숫자가 아닌 값이 있습니다.",
        "`{name}` is an array of dtype object that holds something other than numbers."),
    "part_type": (
        "`{name}` 자리에 숫자 배열이 아니라 `{got}` 값이 있습니다.",
        "`{name}` is not an array of numbers but a value of type `{got}`."),
    "shape": (
        "`{name}`의 모양은 ({letters}) = {want}이어야 하는데 {got}입니다{got_letters}.",
        "`{name}` should have shape ({letters}) = {want}, but has {got}{got_letters}."),
    "shape_plain": (
        "`{name}`의 모양은 {want}이어야 하는데 {got}입니다.",
        "`{name}` should have shape {want}, but has {got}."),
    "shape_letters": (", 즉 ({letters})", ", that is ({letters})"),
    "shape_left": (
        "축 {letters}가 없어야 하는데 남아 있습니다.", "The axis {letters} is left over; it should not be there."),
    "shape_gone": (
        "축 {letters}가 있어야 하는데 없습니다.", "The axis {letters} is gone; it should be there."),
    "shape_axes": (
        "축의 순서만 ({letters})로 바꾸면 값은 맞습니다.",
        "Its values are right once its axes are put in the order ({letters})."),
    "dtype": (
        "`{name}`의 자료형이 {got}입니다. 정답은 실수(float64)여서 이 자료형으로 나타낼 수 없습니다.",
        "`{name}` has dtype {got}, which cannot hold the right values; they are real numbers (float64)."),
    "dtype_integer": (
        "`{name}`의 자료형이 {got}이어서 소수점 아래가 잘렸습니다. 실수 배열(float64)에 값을 담으세요.",
        "`{name}` has dtype {got}, which cuts off the decimals. Put the values into a float64 array."),
    "not_finite": (
        "`{name}`의 값 {total}개 가운데 {count}개가 NaN이나 무한대입니다. 처음 나오는 자리: `{name}[{index}]`.",
        "{count} of the {total} values of `{name}` are NaN or infinite, first at `{name}[{index}]`."),
    "value": (
        "`{name}`의 값이 다릅니다: {total}개 가운데 {right}개가 맞습니다.",
        "`{name}` differs: {right} of its {total} values are right."),
    "all_zero": (
        "`{name}`의 값이 모두 0입니다.", "`{name}` is zero everywhere."),
    # a common factor, in two steps
    "sign_step": ("`{name}`의 부호가 반대입니다.", "The sign of `{name}` is the other way round."),
    "factor_step": ("`{name}`의 배율이 다릅니다.", "`{name}` has another scale."),
    "divided_step": ("`{name}` 값을 크기 {letters}로 나누었습니다.", "`{name}` is divided by the size {letters}."),
    "multiplied_step": ("`{name}` 값에 크기 {letters}를 곱했습니다.", "`{name}` is multiplied by the size {letters}."),
    "factor_where": (
        "`{name}` 값이 모두 맞는 값의 {factor:.4g}배입니다. 곱하거나 나누는 수를 다시 보세요.",
        "All values of `{name}` are {factor:.4g} times the right ones. Look at the numbers that multiply or "
        "divide it."),
    "scale_where": (
        "값의 비율은 모두 맞습니다. `{name}` 값에 곱하거나 나누는 수, 부호, 합과 평균을 다시 보세요.",
        "Its values are right in proportion. Look at the numbers, signs, sums and means on the way to `{name}`."),
    # hints at an exception
    "hint_matmul": (
        "행렬곱 `@`에서는 왼쪽의 마지막 축과 오른쪽의 끝에서 둘째 축이 같은 크기여야 합니다. 어느 쪽을 전치해야 하나요?",
        "In a product with `@` the left one's last axis and the right one's last but one have the same size. Which of "
        "the two needs a transpose?"),
    "hint_broadcast": (
        "원소별 계산에서는 뒤에서부터 맞춘 축의 크기가 서로 같거나 한쪽이 1이어야 합니다. 축이 하나 많거나 모자라지 않나요?",
        "Elementwise, the sizes of axes, counted from the last, must be equal or one of them 1. Is there an axis too "
        "many or too few?"),
    "hint_index": (
        "인덱스가 배열의 끝을 넘었습니다. 인덱스는 0부터 세므로 마지막 인덱스는 축의 크기보다 1 작습니다.",
        "The index is beyond the end of the array. Counting from 0, the last is one less than the axis's size."),
    "hint_none": (
        "`None`으로 계산하려 했습니다. 값을 돌려주지 않는 함수나 제자리에서 바꾸는 메서드의 결과를 쓰지 않았나요?",
        "Something is computed with `None`. Is it the result of a function without `return`, or of a method that works "
        "in place?"),
    "hint_name": (
        "그 이름은 이 함수가 실행될 때 정의되어 있지 않습니다. 철자를 확인하고, 쓰기 전에 값을 넣었는지 보세요.",
        "That name has no value when the function runs. Check its spelling, and that it is assigned before it "
        "is used."),
    # details
    "where": ("어디를 볼까요?", "Where to look"),
    "mistakes_more": ("한 가지 더 있습니다. {hint}", "And one thing more: {hint}"),
    "beyond": ("이 설명만으로는 알 수 없는 차이도 있습니다. {message}", "That does not explain everything. {message}"),
    "first_wrong": (
        "처음 다른 자리는 `{name}[{index}]`: 여기서는 {got:.6g}, 맞는 값은 {want:.6g}.",
        "The first that differs is `{name}[{index}]`: {got:.6g} here, {want:.6g} expected."),
    "along": (
        "{axis} 축에서 맞은 자리: {letter} = {right}. 틀린 자리: {letter} = {wrong} (0부터 셉니다).",
        "Along the {axis} axis right at {letter} = {right}, wrong at {letter} = {wrong} (counted from 0)."),
    "parts": ("맞은 값: {right}. 틀린 값: {wrong}.", "Right: {right}. Different: {wrong}."),
    "only_when": (
        "일반적인 입력에서는 모두 맞고, 다음 경우에만 틀립니다: {wrong}.",
        "General inputs all come out right; only this goes wrong: {wrong}."),
    "except_when": ("맞은 입력: {right}. 틀린 입력: {wrong}.", "Right on: {right}. Wrong on: {wrong}."),
    "general": ("일반적인 입력", "general inputs"),
    "case": ("이때의 입력: {label}.", "The input here: {label}."),
    "line": ("{function} 함수의 {number}번째 줄:", "Line {number}, in {function}:"),
    "shapes": ("그 줄에 나온 배열의 모양: {shapes}.", "Shapes on that line: {shapes}."),
    "also_mutated": (
        "또한 넘겨받은 인수 {names}의 내용을 바꾸어 놓았습니다. 사본을 만들어 계산하세요.",
        "It also changes what it is given: {names}. Work on a copy."),
    "converted": (
        "`{name}` 값이 `{got}`로 나왔지만 값은 맞습니다. 다음 계산에서 쓰기 좋게 NumPy 배열로 돌려주세요.",
        "`{name}` came back as `{got}` with the right values; a NumPy array will serve later cells better."),
    "single_precision": (
        "`{name}`의 자료형은 {got}입니다. 입력은 float64입니다.",
        "`{name}` has dtype {got}, while the inputs are float64."),
    "printed": ("함수가 출력한 내용(첫 번째 호출):", "What the function printed (first call):"),
    "printed_more": ("… 그 밖에 {count:,}자", "… and {count:,} characters more"),
    "look": (
        "`report = check(…)`로 받아 두면 `report.inputs`, `report.got`, `report.expected`에서 직접 살펴볼 수 있습니다.",
        "Keep the report, `report = check(…)`, and look into `report.inputs`, `report.got`, `report.expected`."),
}

AXES = {"B": ("배치", "batch"), "T": ("시간", "time")}


def say(lang: str, key: str, **values: Any) -> str:
    return MESSAGES[key][0 if lang == "ko" else 1].format(**values)


def axis_name(lang: str, letter: str) -> str:
    return AXES[letter][0 if lang == "ko" else 1]
