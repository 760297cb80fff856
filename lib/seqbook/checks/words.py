"""What is said of a derived mistake, in two steps: what kind of slip it is, then where to look; never the answer.

`{names}` are the arguments and outputs that stand where the slip is, `{outs}` the outputs that it shows in. Kinds
come in the order in which one is preferred where several explain an answer at the same cost: the telling ones first.
"""

from collections.abc import Sequence

# kind: (Korean, where in Korean, English, where in English)
KINDS: dict[str, tuple[str, str, str, str]] = {
    "given_back": (
        "넘겨받은 값이 그대로 나왔습니다.",
        "{outs} 자리에 {names} 값이 들어 있습니다.",
        "What was handed in came back as it was.",
        "{outs} holds {names}."),
    "unused": (
        "결과에 영향을 주지 않는 인수가 있습니다.",
        "{names} 값을 바꾸면 {outs} 값도 바뀌어야 합니다. 지금도 바뀌나요?",
        "An argument has no effect where it should have one.",
        "If {names} changes, {outs} should change as well. Does it?"),
    "as_one": (
        "값이 모두 1인 것처럼 계산된 인수가 있습니다.",
        "{names} 값이 {outs} 값을 구할 때 곱해지는지 보세요.",
        "An argument counts as if it were 1 everywhere.",
        "Is {names} multiplied in when {outs} is computed?"),
    "returned": (
        "돌려주는 값의 순서가 다릅니다.",
        "어느 값이 먼저인지, {outs} 자리를 다시 보세요.",
        "The values come back in another order.",
        "Which one comes first? Look at the places of {outs}."),
    "gates": (
        "묶음의 순서가 다릅니다.",
        "{names} 안에 네(또는 세) 묶음이 어떤 순서로 쌓여 있는지 다시 보세요.",
        "The blocks are taken in another order.",
        "In which order are the blocks stacked in {names}?"),
    "interleaved": (
        "묶음이 유닛마다 번갈아 놓였다고 보고 나누었습니다.",
        "{names} 안에서 한 묶음의 행 H개는 서로 붙어 있습니다.",
        "The blocks are taken to alternate unit by unit.",
        "In {names} the H rows of one block lie together."),
    "transpose": (
        "전치가 하나 많거나 모자랍니다.",
        "{names}의 행과 열이 각각 무엇에 해당하는지 보고 {outs} 값을 다시 구해 보세요.",
        "There is one transpose too many or too few.",
        "What do the rows and columns of {names} stand for? Look at {outs} again."),
    "derivative_missing": (
        "활성화 함수의 도함수가 빠졌습니다.",
        "{outs} 값에 이르는 길에 지나는 활성화 함수마다 도함수가 곱해졌는지 다시 보세요.",
        "An activation's derivative is missing.",
        "Is there a derivative for each activation on the way to {outs}?"),
    "derivative": (
        "활성화 함수의 도함수가 다릅니다.",
        "{outs} 값에 곱한 도함수를, 함수에서 나온 값으로 어떻게 나타내는지 다시 보세요.",
        "An activation's derivative is another one.",
        "How is the derivative in {outs} written with the value that came out of the function?"),
    "carry": (
        "한 시점에서 구한 값이 다음 시점으로 이어지지 않습니다.",
        "다음 시점의 계산이 어떤 값에서 출발하는지, {outs} 값을 구하는 반복문을 다시 보세요.",
        "What one step computes is not carried on to the next.",
        "From which value does the next step start? Look at the loop that makes {outs}."),
    "overwrite": (
        "더해 나가지 않고 시점마다 덮어썼습니다.",
        "{outs} 값에는 모든 시점에서 온 값이 더해져 있어야 합니다.",
        "It is overwritten at every step instead of being accumulated.",
        "{outs} should hold every step's share."),
    "reversed": (
        "순서가 거꾸로입니다.",
        "{names} 값을 어느 시점부터 차례로 읽고 적는지 다시 보세요.",
        "The order is the other way round.",
        "At which step does it begin to read and to write {names}?"),
    "time": (
        "시점이 어긋났습니다.",
        "{names} 값을 읽거나 적는 시점을 다시 보세요. 앞뒤로 하나 밀리지 않았나요?",
        "It is off in time.",
        "Look at the step at which {names} is read or written. Is it one too early or too late?"),
    "early": (
        "첫 값까지 담아 시점이 하나 많습니다.",
        "{outs} 값에 {names} 값도 들어가야 하나요?",
        "The initial value is included, which makes one step too many.",
        "Does {names} belong into {outs}?"),
    "late": (
        "한 시점씩 뒤로 밀렸습니다.",
        "{outs} 값을 갱신하기 전에 저장하지 않았나요?",
        "All is one step late.",
        "Is {outs} stored before it is updated?"),
    "place": (
        "자리가 어긋났습니다.",
        "{names} 값에서 고르는 자리의 번호를 다시 세어 보세요. 번호는 0부터 셉니다.",
        "It is off in position.",
        "Count the positions in {names} again; they begin at 0."),
    "ends": (
        "반복문의 시작이나 끝이 어긋났습니다.",
        "{outs} 값을 구할 때 처음과 마지막 시점도 지나는지, 지나치게 많이 가지는 않는지 세어 보세요.",
        "The loop starts or ends at another step.",
        "Does the way to {outs} take in the first and the last step, and no step more?"),
    "once": (
        "반복문이 한 번만 돕니다.",
        "{outs} 값을 구하는 반복이 끝나기 전에 함수가 끝나지 않나요?",
        "The loop is gone through only once.",
        "Does the function end before the loop that makes {outs} does?"),
    "first_only": (
        "첫 시점의 값만 나왔습니다.",
        "{outs} 값에는 모든 시점이 있어야 합니다.",
        "Only the first step's value came back.",
        "{outs} should hold every step."),
    "last_only": (
        "마지막 시점의 값만 나왔습니다.",
        "{outs} 값에는 모든 시점이 있어야 합니다.",
        "Only the last step's value came back.",
        "{outs} should hold every step."),
    "first_left_out": (
        "첫 시점이 빠졌습니다.",
        "{outs} 값의 시점 수를 세어 보세요.",
        "The first step is left out.",
        "Count the steps of {outs}."),
    "last_left_out": (
        "마지막 시점이 빠졌습니다.",
        "{outs} 값의 시점 수를 세어 보세요.",
        "The last step is left out.",
        "Count the steps of {outs}."),
    "first_given": (
        "첫 시점에 다른 값이 들어 있습니다.",
        "{outs} 값의 첫 시점에 {names} 값이 그대로 들어가야 하나요?",
        "The first step holds something else.",
        "Should {names} stand at the first step of {outs} as it is?"),
    "edge": (
        "맨 처음이나 맨 끝 시점의 값이 0입니다.",
        "{names} 값이 그 시점에서 어떻게 정해지는지 다시 보세요.",
        "The first or the last step counts as zero.",
        "What decides {names} at that step?"),
    "fixed": (
        "모든 시점에서 한 시점의 값만 썼습니다.",
        "{names} 값도 시점을 따라 바뀌어야 합니다.",
        "One step's value is used at every step.",
        "{names} has to move along with time."),
    "one_for_all": (
        "한 시퀀스의 값을 모든 시퀀스에 썼습니다.",
        "{names} 값은 시퀀스마다 다릅니다.",
        "One sequence's value is used for all of them.",
        "{names} differs from sequence to sequence."),
    "pairing": (
        "행마다 한 자리씩 고르지 않고 모든 조합을 골랐습니다.",
        "{names} 값에서 시퀀스의 번호와 자리의 번호가 짝을 이루어야 합니다.",
        "Instead of one place in each row, every combination is selected.",
        "In {names}, each sequence's number goes with its own place."),
    "from_end": (
        "자리를 끝에서부터 세었습니다.",
        "{names} 값에서 몇 번째 자리인지는 앞에서부터 셉니다.",
        "The position is counted from the end.",
        "Positions in {names} are counted from the beginning."),
    "swapped": (
        "두 값의 자리가 서로 바뀌었습니다.",
        "{names} 값을 어디에 쓰는지 다시 보세요.",
        "Two values have changed places.",
        "Look at where {names} are used."),
    "product": (
        "곱하는 순서가 다릅니다.",
        "{outs} 값을 구하는 곱에서 무엇이 먼저 작용하는지 다시 보세요. {names} 값의 자리는 어디인가요?",
        "The factors of a product stand in another order.",
        "What acts first in the product for {outs}? Where does {names} stand?"),
    "joined": (
        "이어 붙인 순서가 다릅니다.",
        "{names} 값 가운데 무엇이 앞에 오는지 다시 보세요.",
        "The parts are joined in another order.",
        "Which of {names} comes first?"),
    "not_summed": (
        "더해야 할 축을 더하지 않았거나, 더하지 말아야 할 축을 더했습니다.",
        "{outs} 값은 어느 축에 대해 합한 것인가요?",
        "An axis is not summed over, or one is that should not be.",
        "Over which axes is {outs} a sum?"),
    "axis": (
        "축이 다릅니다.",
        "{outs} 값을 구할 때 어느 축을 따라 계산하는지 다시 보세요.",
        "It runs along another axis.",
        "Along which axis is {outs} computed?"),
    "average": (
        "합해야 할 것을 평균 냈습니다.",
        "{outs} 값이 합인지 평균인지 다시 읽어 보세요.",
        "It is averaged.",
        "Is {outs} meant to be a sum or a mean?"),
    "reduction": (
        "합하거나 고르는 방법이 다릅니다.",
        "{outs} 값을 구할 때 합, 평균, 최댓값, 곱 가운데 무엇이 필요한지 다시 보세요.",
        "Values are put together in another way.",
        "Does {outs} want a sum, a mean, a maximum or a product?"),
    "no_activation": (
        "활성화 함수가 빠졌습니다.",
        "{outs} 값을 구할 때 어떤 함수를 거치는지 다시 보세요.",
        "An activation is missing.",
        "Which function does {outs} pass through?"),
    "activation": (
        "활성화 함수가 다릅니다.",
        "{outs} 값을 구할 때 어떤 함수를 거치는지 다시 보세요.",
        "An activation is another one.",
        "Which function does {outs} pass through?"),
    "activation_more": (
        "활성화 함수를 한 번 더 거쳤습니다.",
        "{outs} 값을 구할 때 어떤 함수를 몇 번 거치는지 다시 보세요.",
        "An activation is applied once more.",
        "Which functions does {outs} pass through, and how often?"),
    "outside": (
        "활성화 함수 안에 들어갈 것이 바깥에 있습니다.",
        "{outs} 값을 구할 때 {names} 항까지 더한 다음에 함수를 거치는지 보세요.",
        "Something that belongs inside the activation stands outside.",
        "Is every term with {names} added before the function that gives {outs}?"),
    "apart": (
        "활성화 함수를 항마다 따로 씌웠습니다.",
        "{outs} 값을 구할 때 항을 모두 더한 다음에 함수를 한 번 거치는지 보세요.",
        "The activation is applied to the terms one by one.",
        "Are all terms of {outs} added before the function is applied?"),
    "inside": (
        "활성화 함수 바깥에서 곱할 것을 안에서 곱했습니다.",
        "{outs} 값을 구할 때 함수를 거치는 것과 곱하는 것 가운데 무엇이 먼저인지 보세요.",
        "A factor that belongs outside the activation stands inside.",
        "For {outs}, which comes first: the function or the product?"),
    "complement": (
        "어떤 값을 1에서 뺐거나, 1에서 빼야 할 값을 그대로 썼습니다.",
        "{names} 값이 클 때 {outs} 값이 커지나요, 작아지나요?",
        "Something is taken from 1, or should be and is not.",
        "When {names} is large, does {outs} grow or shrink?"),
    "sign": (
        "부호가 반대인 곳이 있습니다.",
        "{names} 값이 커질 때 {outs} 값이 커지는지 작아지는지 생각해 보세요.",
        "A sign is the other way round.",
        "When {names} grows, should {outs} grow or shrink?"),
    "inverted": (
        "나눗셈이 뒤집혔거나, 나눌 것을 곱했습니다.",
        "{outs} 값을 구할 때 무엇을 무엇으로 나누는지 다시 보세요.",
        "A division is upside down, or is a product.",
        "What is divided by what on the way to {outs}?"),
    "power": (
        "거듭제곱이 다르거나 빠졌습니다.",
        "{outs} 값을 구하는 식에서 {names} 값이 몇 제곱인지 보세요.",
        "A power is missing or another one.",
        "To which power does {names} stand in the formula of {outs}?"),
    "scale": (
        "배율이 다릅니다.",
        "{names} 값을 두 번 더하거나 몇 배 하거나 나누지 않았나요? {outs} 값을 보세요.",
        "The scale is another one.",
        "Is {names} counted twice, multiplied or divided by a number on the way to {outs}?"),
    "condition": (
        "조건이 다릅니다.",
        "어떤 경우에 {outs} 값이 달라져야 하는지 다시 읽어 보세요.",
        "A condition is another one.",
        "In which case should {outs} be treated differently?"),
    "twice": (
        "한 항이나 인수가 두 번 들어갔습니다.",
        "{outs} 값을 구하는 식에 {names} 값이 몇 번 나오는지 세어 보세요.",
        "A term or a factor is in there twice.",
        "How often does {names} stand in the formula of {outs}?"),
    "missing": (
        "식의 한 부분이 빠졌습니다.",
        "{outs} 값을 구하는 식에 {names} 값이 들어간 항과 인수가 모두 있는지 보세요.",
        "A part of the formula is missing.",
        "Does the formula of {outs} have every term and every factor with {names}?"),
    "added": (
        "식에 없는 항이 하나 더 들어갔습니다.",
        "{outs} 값에 {names} 값이 덧붙지 않았나요?",
        "There is a term too many.",
        "Is {names} added to {outs} or taken off it?"),
    "multiplied": (
        "식에 없는 인수가 하나 더 곱해졌습니다.",
        "{outs} 값에 {names} 값을 한 번 더 곱하거나 나누지 않았나요?",
        "There is a factor too many.",
        "Is {outs} multiplied or divided by {names} once more?"),
    "other": (
        "한곳에 다른 값을 썼습니다.",
        "{names} 값이 들어갈 곳에 다른 값이 들어가지 않았는지 다시 보세요.",
        "In one place another value is used.",
        "Look at the places where {names} should stand."),
    "function": (
        "한곳에 다른 함수를 썼거나 함수가 빠졌습니다.",
        "{outs} 값을 구할 때 거치는 함수를 하나씩 다시 보세요.",
        "A function is another one, or missing.",
        "Go through the functions on the way to {outs} one by one."),
    "operation": (
        "한곳의 연산이 다릅니다.",
        "{outs} 값을 구할 때 더하기, 빼기, 곱하기, 나누기, 행렬 곱하기 가운데 무엇이 필요한지 보세요.",
        "An operation is another one.",
        "On the way to {outs}, is it a sum, a difference, a product, a quotient or a matrix product that is wanted?"),
    "constant": (
        "식에 들어간 상수가 다릅니다.",
        "{outs} 값을 구하는 식의 수를 하나씩 다시 보세요.",
        "A constant in the formula is another one.",
        "Look at the numbers in the formula of {outs}."),
    "cumulated": (
        "시점이나 행을 따라 값을 누적했습니다.",
        "{outs} 값에 앞의 값까지 더해지지 않았나요?",
        "Values are summed up along an axis.",
        "Does {outs} contain the values before it as well?"),
    "differences": (
        "값 대신 앞뒤 시점의 차이가 나왔습니다.",
        "{outs} 값은 차이가 아니라 시점마다의 값입니다.",
        "These are the differences from step to step.",
        "{outs} wants each step's value, not its change."),
    "reshaped": (
        "축을 바꾸지 않고 모양만 바꾸었습니다.",
        "{outs} 값의 축을 옮기는 것과 모양을 바꾸는 것은 다릅니다.",
        "Its shape is changed where its axes should be.",
        "To move the axes of {outs} is not to reshape it."),
    "one_step_only": (
        "한 시점의 값만 쓰였습니다.",
        "{names} 값은 모든 시점에서 {outs} 값에 영향을 줍니다.",
        "Only one step's value is used.",
        "At every step {names} has a share in {outs}."),
    "mixed": (
        "다른 시퀀스의 값이 섞여 들어왔습니다.",
        "{names} 값을 밀거나 고르는 축이 배치 축은 아닌지 다시 보세요.",
        "One sequence is given another one's values.",
        "Is it the batch axis along which {names} is shifted or chosen?"),
    "one_sequence_only": (
        "한 시퀀스에서 온 값만 남았습니다.",
        "{outs} 값에는 배치의 모든 시퀀스에서 온 값이 더해집니다.",
        "Only one sequence's share is left.",
        "Every sequence of the batch has a share in {outs}."),
    "whole": (
        "일부만 골라야 하는데 모두 썼습니다.",
        "{outs} 값을 구할 때 배열의 어느 부분이 필요한지 다시 보세요.",
        "All of an array is used where a part of it is wanted.",
        "Which part of the array does {outs} need?"),
    "one_unit": (
        "한 성분의 값을 모든 성분에 썼습니다.",
        "{names} 값은 성분마다 다릅니다.",
        "One component's value is used for all of them.",
        "{names} differs from component to component."),
}
# what is measured of an answer, in the order in which one is preferred; {extra} is an axis, {label} a kind of input
OBSERVED: dict[str, tuple[str, str, str, str]] = {
    "special": (
        "일반적인 입력에서는 맞고, 특별한 입력에서만 틀립니다.",
        "이런 입력에서 {outs} 값이 어떻게 되는지 손으로 따라가 보세요: {label}.",
        "General inputs come out right; only special ones go wrong.",
        "Follow by hand what becomes of {outs} on such an input: {label}."),
    "rounded": (
        "맞는 값을 반올림한 값이 나왔습니다.",
        "{outs} 값에서 소수점 아래를 줄이는 곳이 없는지 보세요.",
        "These are the right values, rounded.",
        "Is there a place where {outs} loses decimals?"),
    "zeros": (
        "틀린 자리의 값은 모두 0입니다.",
        "{outs} 값이 어떤 경우에 0이 되는지, 값을 채우지 않은 자리나 0으로 바꾸는 조건이 없는지 보세요.",
        "Wherever it is wrong, the value is 0.",
        "When does {outs} become 0? Is there a place that is never filled, or a condition that clears it?"),
    "limited": (
        "틀린 자리의 값은 크기가 모두 같고, 그보다 큰 값이 없습니다.",
        "{outs} 값에 이르는 길에서 값의 크기를 제한하는 곳이 없는지 보세요.",
        "Wherever it is wrong, the values have one and the same size, and none is larger.",
        "Is there a limit on the values on the way to {outs}?"),
    "zero_or_one": (
        "틀린 자리의 값은 모두 0이나 1입니다.",
        "{outs} 값에 표시(0과 1)가 들어가야 하나요, 실수가 들어가야 하나요?",
        "Wherever it is wrong, the value is 0 or 1.",
        "Does {outs} want marks of 0 and 1, or real numbers?"),
    "elsewhere": (
        "맞는 값이 모두 나왔지만 놓인 자리가 다릅니다.",
        "{outs} 값을 어떤 순서로 읽고 적는지 다시 보세요. 순서를 바꾸었다면 되돌려 놓았나요?",
        "All the right values are there, but in other places.",
        "In which order is {outs} read and written? If the order was changed, is it put back?"),
    "zero_or_factor": (
        "값의 일부는 0이 되었고, 나머지는 모두 맞는 값에 같은 수를 곱한 값입니다.",
        "{outs} 값의 일부를 지우고 나머지의 배율을 바꾸는 곳이 없는지 보세요.",
        "Some values are 0, and all the others are the right ones times one number.",
        "Is there a place that clears a part of {outs} and rescales the rest?"),
    "factor_varies": (
        "값의 비율은 모두 맞지만, 함께 곱하는 수가 다릅니다.",
        "{outs} 값 전체에 곱하거나 나누는 수를 무엇에서 구하는지 다시 보세요. 그 수의 오차는 입력마다 다릅니다.",
        "All values are right in proportion, but the number that multiplies them is another one.",
        "From what is the number computed that multiplies or divides all of {outs}? How far it is off varies."),
    "factor_by_row": (
        "한 축을 따라 비율은 맞지만, 줄마다 다른 수가 곱해져 있습니다.",
        "{extra} 축을 따라 놓인 {outs} 값에는 모두 같은 수가 더 곱해졌습니다. 그 수가 어디에서 오는지 보세요.",
        "Along one axis the values are right in proportion, but each row has a factor of its own.",
        "Along the axis {extra}, all values of {outs} are multiplied by one more number. Where does it come from?"),
    "nearly": (
        "값이 거의 맞지만 정확하지 않습니다.",
        "{outs} 값이 맞는 값에서 1% 넘게 벗어난 곳은 없습니다. 어림하거나 일찍 멈춘 계산, 덧붙인 작은 수가 없는지 보세요.",
        "The values are nearly right, but not exactly.",
        "No value of {outs} is off by more than 1 %. Is something approximated, stopped early, or a little added?"),
    "no_multiple": (
        "인수 전체에 수 하나를 곱한 값이 아닙니다.",
        "{outs} 값과 {names} 값의 비율이 모든 자리에서 같은지 확인해 보세요.",
        "The result is not one number times the argument.",
        "Is the ratio of {outs} to {names} the same in every place?"),
    "total": (
        "한 축을 따라 더한 값이 맞지 않습니다.",
        "{outs} 값을 {extra} 축을 따라 더하면 언제나 같은 수가 되어야 합니다. 어떤 수여야 하는지 생각해 보세요.",
        "The sum along an axis is not what it should be.",
        "Summed along the axis {extra}, {outs} should always give the same number. Which one?"),
    "swapped": (
        "두 인수가 서로의 자리에 쓰였습니다.",
        "{names} 값을 서로 바꾸어 넣으면 맞는 값이 나옵니다. 두 인수를 쓰는 곳을 다시 보세요.",
        "Two arguments are used in each other's place.",
        "With {names} exchanged it comes out right. Look at where the two are used."),
    "unused": (
        "결과에 영향을 주지 않는 인수가 있습니다.",
        "{names} 값을 바꾸면 {outs} 값도 바뀌어야 하는데 그대로입니다.",
        "An argument has no effect where it should have one.",
        "When {names} changes, {outs} should change as well, and does not."),
    "extra_argument": (
        "결과가 관계없는 인수에 따라 달라집니다.",
        "{names} 값을 바꾸어도 {outs} 값은 그대로여야 합니다.",
        "The result depends on an argument that it has nothing to do with.",
        "When {names} changes, {outs} should stay as it is."),
    "extra_sequence": (
        "배치 안의 다른 시퀀스가 섞여 들어왔습니다.",
        "한 시퀀스의 입력을 바꾸면 다른 시퀀스의 {outs} 값까지 달라집니다. 배치 축을 따라 계산하는 곳이 없는지 보세요.",
        "Sequences of the batch are mixed.",
        "When one sequence's inputs change, {outs} changes in others, too. Does something run along the batch?"),
    "extra_block": (
        "필요하지 않은 묶음까지 쓰였습니다.",
        "{names} 안의 어떤 묶음은 {outs} 값에 영향을 주지 않아야 하는데 영향을 줍니다.",
        "A block is used that is not wanted.",
        "Some block of {names} should have no effect on {outs}, but has."),
    "missing_block": (
        "필요한 묶음이 쓰이지 않았습니다.",
        "{names} 안의 어떤 묶음은 {outs} 값에 영향을 주어야 하는데 그렇지 않습니다.",
        "A block that is wanted is not used.",
        "Some block of {names} should have an effect on {outs}, but has none."),
    "extra_later": (
        "어떤 시점의 결과가 그보다 뒤에 오는 시점의 값에 따라 달라집니다.",
        "{names} 값의 어느 시점이 {outs} 값의 어느 시점에 영향을 주어야 하는지 그려 보세요. 더 뒤의 시점이 들어가 있습니다.",
        "The result at a step depends on a later step.",
        "Draw which steps of {names} should act on which of {outs}: a later one is in there that should not be."),
    "extra_earlier": (
        "어떤 시점의 결과가 관계없는 앞 시점의 값에 따라 달라집니다.",
        "{names} 값의 어느 시점이 {outs} 값의 어느 시점에 영향을 주어야 하는지 그려 보세요. 더 앞의 시점이 들어가 있습니다.",
        "The result at a step depends on an earlier step that should have no effect.",
        "Draw which steps of {names} should act on which of {outs}: an earlier one is in there that should not be."),
    "extra_same": (
        "어떤 시점의 결과가 같은 시점의 값에 따라 달라지는데, 그렇지 않아야 합니다.",
        "{outs} 값의 한 시점을 구할 때 같은 시점의 {names} 값도 쓰나요?",
        "The result at a step depends on that step's own value, and should not.",
        "Should {outs} at a step use {names} of the same step?"),
    "extra_step": (
        "결과가 관계없는 시점의 값에 따라 달라집니다.",
        "{names} 값의 시점 가운데 {outs} 값에 영향을 주지 않아야 할 시점이 있습니다.",
        "The result depends on steps that should have no effect.",
        "There are steps of {names} that should not act on {outs}, but do."),
    "extra_unit": (
        "한 축을 따라 서로 관계없는 성분이 섞였습니다.",
        "{extra} 축의 한 성분에서 {names} 값을 바꾸면 다른 성분의 {outs} 값까지 달라집니다.",
        "Components that have nothing to do with each other are mixed.",
        "When one component of {names} along the axis {extra} changes, {outs} changes in others as well."),
    "missing_unit": (
        "한 축의 성분들이 서로 영향을 주어야 하는데 따로따로 계산되었습니다.",
        "{extra} 축의 한 성분에서 {names} 값을 바꾸면 다른 성분의 {outs} 값도 달라져야 합니다.",
        "Components that should act on each other are computed apart.",
        "When one component of {names} along the axis {extra} changes, {outs} should change in others as well."),
    "missing_same": (
        "같은 시점의 값이 쓰이지 않은 시점이 있습니다.",
        "{outs} 값의 한 시점을 구할 때 같은 시점의 {names} 값이 필요한지 보세요.",
        "There is a step whose result does not use that step's own value.",
        "Does {outs} at a step need {names} of the same step?"),
    "missing_earlier": (
        "뒤 시점의 결과에 이르지 못하는 앞 시점의 값이 있습니다.",
        "앞 시점의 {names} 값을 바꾸면 그 뒤의 {outs} 값도 달라져야 합니다. 시점에서 시점으로 무엇이 이어지는지 보세요.",
        "Something at an earlier step does not reach a later result, and should.",
        "When {names} changes at an earlier step, {outs} should change later. What is handed on from step to step?"),
    "missing_later": (
        "앞 시점의 결과에 이르지 못하는 뒤 시점의 값이 있습니다.",
        "뒤 시점의 {names} 값을 바꾸면 그 앞의 {outs} 값도 달라져야 합니다. 시점을 거슬러 무엇이 이어지는지 보세요.",
        "Something at a later step does not reach an earlier result, and should.",
        "When {names} changes at a later step, {outs} should change before it. What is handed back from step to step?"),
    "missing_step": (
        "결과에 영향을 주어야 할 시점이 빠졌습니다.",
        "{names} 값의 시점 가운데 {outs} 값에 영향을 주어야 하는데 그렇지 않은 시점이 있습니다.",
        "A step that should act on the result is left out.",
        "There are steps of {names} that should act on {outs}, but do not."),
    "right_when_zero": (
        "일부 인수가 0이면 맞는 값이 나옵니다. 따라서 틀린 부분은 그 인수를 거쳐 결과에 이릅니다.",
        "{names} 값이 모두 0이면 {outs} 값은 맞습니다. {names} 값이 어디에 어떻게 들어가는지 다시 보세요.",
        "With some arguments zero it comes out right: what is wrong reaches the result through them.",
        "If {names} is all zero, {outs} is right. Look at where and how {names} comes in."),
    "right_when_small": (
        "값이 작을 때만 맞습니다.",
        "{names} 값이 아주 작으면 {outs} 값은 맞습니다. 값이 클 때 무엇이 달라지는지, 값을 제한하거나 어림하지 않았는지 보세요.",
        "It is right for small values only.",
        "If {names} is very small, {outs} is right. Is something limited or approximated when it is large?"),
    "bent": (
        "인수에 정비례해서 변해야 하는 결과가 그렇게 변하지 않습니다.",
        "다른 값을 그대로 두고 {names} 값만 고르게 늘리면 {outs} 값도 고르게 변해야 합니다. {names} 값이 쓰이는 곳을 모두 찾아보세요.",
        "The result should change in a straight line with an argument, and does not.",
        "When {names} alone grows evenly, {outs} should change evenly. Look at every place where {names} is used."),
    "straight": (
        "인수에 따라 휘어야 하는 결과가 정비례해서 변합니다.",
        "{names} 값만 고르게 늘려도 {outs} 값은 고르게 변하지 않아야 합니다. {names} 값이 거치는 함수나 곱을 다시 보세요.",
        "The result changes in a straight line with an argument, and should not.",
        "When {names} alone grows evenly, {outs} should not. Which function or product does {names} pass through?"),
    "only": (
        "다른 결과는 모두 맞고, 결과 가운데 일부만 틀립니다.",
        "{outs} 값만 틀립니다. 이 값만을 위한 계산과, 이 값을 돌려주는 시점이 맞는지 보세요.",
        "Only a part of what comes back is wrong; the rest is right.",
        "It is {outs} alone. Look at what is computed for it only, and at the moment at which it is taken."),
    "from_argument": (
        "인수가 정하는 시점까지는 맞고, 그 시점을 지나면서 틀립니다.",
        "{names} 값이 정하는 시점에서 무엇이 다음으로 이어지는지, 그때 {outs} 값이 어떻게 되는지 보세요.",
        "It is right up to the step that an argument sets, and goes wrong as it passes it.",
        "What is handed on at the step set by {names}? Follow {outs} across it."),
    "first_step_right": (
        "첫 시점만 맞고 그 뒤는 모두 틀립니다.",
        "{outs} 값의 둘째 시점을 손으로 구해 보세요. 첫 시점에서 무엇을 넘겨받아 어떻게 쓰나요?",
        "Only the first step is right; all after it are wrong.",
        "Compute the second step of {outs} by hand. What does it take over from the first, and how is it used?"),
    "last_step_right": (
        "마지막 시점만 맞고 그 앞은 모두 틀립니다.",
        "{outs} 값의 끝에서 둘째 시점을 손으로 구해 보세요. 마지막 시점에서 무엇을 넘겨받아 어떻게 쓰나요?",
        "Only the last step is right; all before it are wrong.",
        "Compute the last step but one of {outs} by hand. What does it take over from the last, and how is it used?"),
    "first_step_wrong": (
        "첫 시점만 틀리고 그 뒤는 모두 맞습니다.",
        "{outs} 값의 첫 시점이 무엇에서 출발하는지 보세요.",
        "Only the first step is wrong; all after it are right.",
        "From what does the first step of {outs} start?"),
    "last_step_wrong": (
        "마지막 시점만 틀리고 그 앞은 모두 맞습니다.",
        "{outs} 값의 마지막 시점을 다른 시점과 똑같이 구하는지 보세요.",
        "Only the last step is wrong; all before it are right.",
        "Is the last step of {outs} computed like the others?"),
    "wrong_from": (
        "어떤 시점까지는 맞고 그 뒤로는 모두 틀립니다.",
        "{outs} 값이 처음 틀리는 시점을 손으로 구해 보세요. 바로 앞 시점과 무엇이 다른가요?",
        "It is right up to some step, and wrong ever after.",
        "Compute by hand the step at which {outs} first goes wrong. What is different from the step before?"),
    "wrong_until": (
        "어떤 시점부터는 맞고 그 앞은 모두 틀립니다.",
        "{outs} 값이 맞는 첫 시점과 바로 앞의 시점을 손으로 구해 보세요. 무엇이 다른가요?",
        "It is wrong up to some step, and right ever after.",
        "Compute by hand the first step at which {outs} is right, and the one before. What is different?"),
    "single_step": (
        "시점이 하나일 때만 맞습니다.",
        "한 시점의 계산은 맞으므로, 시점이 둘일 때 {outs} 값에 무엇이 더해지고 곱해지는지 손으로 따라가 보세요.",
        "It is right only where there is a single step.",
        "One step is computed rightly. Follow by hand how a second one comes into {outs}."),
    "single_sequence": (
        "배치에 시퀀스가 하나일 때만 맞습니다.",
        "시퀀스가 둘일 때 한 시퀀스의 {outs} 값이 배치의 크기나 다른 시퀀스에 따라 달라지지 않는지 보세요.",
        "It is right only for a batch of one.",
        "With two sequences, does {outs} of one depend on the other, or on the size of the batch?"),
}
_OUTS = ("{outs} 값을 구하는 곳을 다시 보세요.", "Look at the place where {outs} is computed.")
_SEVERAL = ("다음 설명이 모두 들어맞습니다. ", "Each of these explains it. ")


# kinds that say little: where another explains as much, they are not mentioned
_GENERAL = ("twice", "missing", "added", "multiplied", "other", "function", "operation", "constant", "sign", "scale",
            "condition", "complement", "reduction", "place", "fixed", "average", "late", "swapped", "transpose")


def chosen(kinds: Sequence[str]) -> list[str]:
    """Of the kinds that explain an answer equally well, those to name: the most telling, and one as telling."""
    ordered = sorted(set(kinds), key=rank)
    telling = [kind for kind in ordered if kind not in _GENERAL]
    return telling[:2] or ordered[:1]


def one_tells(kinds: Sequence[str]) -> bool:
    """Whether there is one telling kind among them, and no other."""
    return len({kind for kind in kinds if kind not in _GENERAL}) == 1


def rank(kind: str) -> int:
    return list(KINDS).index(kind)


def first_step(lang: str, kinds: Sequence[str]) -> str:
    """What kind of mistake it is; where several explain it equally well, each."""
    texts = [KINDS[kind][0 if lang == "ko" else 2] for kind in kinds]
    if len(texts) == 1:
        return texts[0]
    return _SEVERAL[lang != "ko"] + " ".join(f"({number}) {text}" for number, text in enumerate(texts, 1))


def second_step(lang: str, kinds: Sequence[str], names: Sequence[str], outs: Sequence[str]) -> str:
    """Where to look: in the names of arguments and outputs."""
    text = KINDS[kinds[0]][1 if lang == "ko" else 3]
    if len(kinds) > 1 or "{names}" in text and not names:
        text = _OUTS[lang != "ko"]
    return text.format(names=_list(names), outs=_list(outs))


def observed(lang: str, key: str, names: Sequence[str], outs: Sequence[str], extra: str, label: str) -> tuple[str, str]:
    """Both steps of what was measured. Outputs without names, a dict's arrays, are "the result"."""
    first, second = OBSERVED[key][:2] if lang == "ko" else OBSERVED[key][2:]
    result = _list(outs) or ("돌려준" if lang == "ko" else "the result")
    return first, second.format(names=_list(names), outs=result, extra=f"`{extra}`", label=label)


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
