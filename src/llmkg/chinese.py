"""What is said in Chinese: each phrase of the code as it stands there, in English, and its translation.

The translation has the same names in braces. ``tests/test_phrases.py`` holds both to each other.
"""

from __future__ import annotations

__all__ = ["CHINESE"]

# -- what many phrases are made of -----------------------------------------------------------------

_PARTS = {
    "{first}, {next}": "{first}、{next}",
    "{first} or {next}": "{first} 或 {next}",
    "{first} and {next}": "{first} 和 {next}",
    "{label} ({term})": "{label}（{term}）",
    "and {count} more": "另有 {count} 个",
    "a {noun}": "{noun}",
    "an {noun}": "{noun}",
    "thing": "事物",
    "class": "类",
    "property": "属性",
    "command": "命令",
    "{place}: {what}": "{place}: {what}",
    "'{text}' in line {line}": "第 {line} 行的 '{text}'",
    "1 row": "1 行",
    "{count} rows": "{count} 行",
    "{count} file": "{count} 个文件",
    "{count} files": "{count} 个文件",
    "{count} error": "{count} 个错误",
    "{count} errors": "{count} 个错误",
    "{count} warning": "{count} 个警告",
    "{count} warnings": "{count} 个警告",
    "{count} info": "{count} 条提示",
    " Did you mean {names}?": "是否指 {names}？",
    " Choose from {names}.": "可选：{names}。",
    " Use {names}.": "请用 {names}。",
    " Use one of {names}.": "请用其中之一：{names}。",
    " Try 'llmkg search' with other words.": "请换个说法用 'llmkg search' 查找。",
}

# -- answers and notices ----------------------------------------------------------------------------

_NOTICES = {
    "yes": "是",
    "no": "否",
    "true": "是",
    "false": "否",
    "(no rows)": "（无结果）",
    "no rows.": "没有结果。",
    "sources": "出处",  # the numbers; a column of their own has the name of the source
    "Sources": "来源",
    "Sources: no claim of the graph stands behind these rows.": "来源：图谱中没有支持这些行的论断。",
    "Works": "文献",
    "no publication is in this answer or behind it.": "答案及其依据中没有文献。",
    "understood: {question}": "理解为：{question}",
    "or was it: {question}?": "或者是问：{question}？",
    "no saved query fits this question. The nearest that can be asked:": "没有适合这个问题的预存查询。最接近的问法有：",
    "no saved query fits this question. 'llmkg queries' lists what can be asked.": (
        "没有适合这个问题的预存查询。'llmkg queries' 列出所有可问的内容。"
    ),
    "no name has these words; these are spelled like them.": "没有含这些词的名称；以下名称拼写相近。",
    "nothing is called '{words}'. Try fewer or other words.": "没有名为 '{words}' 的事物。请减少词语或换个说法。",
    "nothing of kind {kind} is called '{words}'. Try fewer or other words.": (
        "没有名为 '{words}' 且类型为 {kind} 的事物。请减少词语或换个说法。"
    ),
    "'{name}' is a retired name of {term}.": "“{name}”是 {term} 已停用的名称。",
    "query": "查询",
    "question": "问题",
    "parameters": "参数",
    "term": "标识",
    "label": "名称",
    "kind": "类型",
    "matched": "匹配的名称",
    "what": "项目",
    "count": "数目",
    "files": "文件",
    "asserted triples": "断言的三元组",
    "inferred triples": "推断的三元组",
    "nothing found": "未发现问题",
    "{found} in {files}.": "{files}：{found}。",
    "{found} in {files}. Shapes, rules and consistency were not checked: first mend what cannot be read.": (
        "{files}：{found}。形状、规则和一致性尚未检查：请先修正无法读取的内容。"
    ),
    "waiting for a change; Ctrl-C ends it.": "等待改动；按 Ctrl-C 结束。",
}

# -- why an answer is empty -------------------------------------------------------------------------

_EMPTINESS = {
    "{term} is not in the graph.{near}": "图谱中没有 {term}。{near}",
    "{text} stands in the graph with a language: write {text}@{lang}.": "{text} 在图谱中带有语言标记：请写成 {text}@{lang}。",
    "with what is inferred: {rows}": "计入推断所得：{rows}",
    "with what is inferred (leave out --asserted): {rows}": "计入推断所得（去掉 --asserted）：{rows}",
    "with {value}: {rows}": "改用 {value}：{rows}",
    "without {value}: {rows}": "去掉 {value}：{rows}",
    "with any other {name}: {rows}": "{name} 不限：{rows}",
    "with the broader {value}: {rows}": "改用更宽泛的 {value}：{rows}",
    "with {wide} in place of {narrow}: {rows}": "以 {wide} 代替 {narrow}：{rows}",
    "{rows} up to {condition}, which leaves none": "到 {condition} 之前有 {rows}，加上它便没有结果",
    "stopped after {seconds} seconds: there may be more to say.": "{seconds} 秒后停止：可能还有其他原因。",
    "the graph holds nothing that fits, and no single condition is to blame.": (
        "图谱中没有符合的内容，也不能归因于某一个条件。"
    ),
}

# -- mistakes ---------------------------------------------------------------------------------------

_MISTAKES = {
    "give a COMMAND. Begin with 'llmkg ask', a question after it.": "请给出命令。可从 'llmkg ask' 加一个问题开始。",
    "give what is required: {names}": "缺少必需的参数：{names}",
    "unrecognized arguments: {words}": "无法识别的参数：{words}",
    "{name} '{word}' is unknown.{near}{few}": "{name} '{word}' 未知。{near}{few}",
    "{problem} '{program} --help' shows what there is.": "{problem}'{program} --help' 显示可用的内容。",
    "{problem}. '{program} --help' shows what there is.": "{problem}。'{program} --help' 显示可用的内容。",
    "{option} stands before the command. Write 'llmkg COMMAND {option} ...'.": (
        "{option} 写在了命令之前。请写成 'llmkg COMMAND {option} ...'。"
    ),
    "{place}the system refuses ({reason}). Mend that or choose another place.": (
        "{place}被系统拒绝（{reason}）。请排除原因或换一个位置。"
    ),
    "unexpected {error}. Run it again with --debug and report what that prints.": (
        "意外错误 {error}。请加 --debug 再运行一次，并报告其输出。"
    ),
    "standard output cannot be written ({reason}). Use -o with another place.": (
        "无法写入标准输出（{reason}）。请用 -o 指定其他位置。"
    ),
    "no saved query '{name}'.{near}": "没有名为 '{name}' 的预存查询。{near}",
    " 'llmkg queries' lists them, and 'llmkg ask' takes a question.": (
        "'llmkg queries' 列出全部查询，'llmkg ask' 可直接提问。"
    ),
    "no saved query has the tag '{tag}'.{near}": "没有带标签 '{tag}' 的预存查询。{near}",
    " No query here has a tag.": "这里的查询都没有标签。",
    "'{text}' is not PARAM=VALUE.{hint}": "'{text}' 不是“参数=值”的形式。{hint}",
    " Write {example}.": "请写成 {example}。",
    " This query takes no parameter.": "该查询没有参数。",
    "the parameter {name} is given twice. Give it once.": "参数 {name} 给出了两次。请只给一次。",
    "the parameter {name} takes one value, not {count}. Give it once.": (
        "参数 {name} 只取一个值，而不是 {count} 个。请只给一次。"
    ),
    "{query}: no parameter {name}.{near}{takes}": "{query}：没有参数 {name}。{near}{takes}",
    " It takes {names}.": "它的参数有 {names}。",
    " It takes none.": "它没有参数。",
    "{query}: the parameter {name} is missing. Add it.": "{query}：缺少参数 {name}。请补上。",
    "{query}: the parameter {name} is missing. Add, for example, {example}.": (
        "{query}：缺少参数 {name}。请补上，例如 {example}。"
    ),
    "{name}: the list is empty. Give at least one value, or leave it out.": (
        "{name}：列表为空。请至少给出一个值，或将其去掉。"
    ),
    "{said}: no value of {property} in the graph.{near}": "{said}：图谱中 {property} 没有这个值。{near}",
    "{said}: not one of {known}.{near}": "{said}：不在 {known} 之中。{near}",
    "{said}: this has {count} characters. Give {most} at most.": "{said}：共 {count} 个字符。请至多给出 {most} 个。",
    "{said}: not a truth value. Use true or false.": "{said}：不是真假值。请用 true 或 false（是或否）。",
    "{said}: not a whole number. Use digits only, such as 12.": "{said}：不是整数。请只用数字，例如 12。",
    "{said}: not a number. Use digits and a point, such as 1.5.": "{said}：不是数。请用数字和小数点，例如 1.5。",
    "{said}: this is not UTF-8. Send it as UTF-8.": "{said}：不是 UTF-8 编码。请用 UTF-8。",
    "'{name}': no {kind} of that name.{hint}": "'{name}'：没有叫这个名称的{kind}。{hint}",
    "'{name}' names several things: {things}. Give one of these.": "'{name}' 可指多个事物：{things}。请给出其中之一。",
    "'{name}' is retired, and several things took its place: {things}. Give one of these.": (
        "'{name}' 已停用，由多个事物取代：{things}。请给出其中之一。"
    ),
    "'{name}' is retired, and {reason}. Give the name of {one}.": "'{name}' 已停用，{reason}。请给出{one}的名称。",
    "nothing took its place": "没有取代它的事物",
    "what replaced it is retired too, or missing: {terms}": "取代它的也已停用或不存在：{terms}",
    "{name} (now {term})": "{name}（现为 {term}）",
    "'{text}' is not a valid IRI. Give a CURIE, an IRI or a label.": "'{text}' 不是有效的 IRI。请给出 CURIE、IRI 或名称。",
    "'{text}' is not a valid CURIE. Give a CURIE, an IRI or a label.": (
        "'{text}' 不是有效的 CURIE。请给出 CURIE、IRI 或名称。"
    ),
    "{said}: this is of kind {kind}, not {wanted}. Give the name of {one}.": (
        "{said}：类型为{kind}，而不是{wanted}。请给出{one}的名称。"
    ),
    "the name is empty. Give the name of {one}.": "名称为空。请给出{one}的名称。",
    "{file}: this answer has no form as {format}. Use --format with one of {names}.": (
        "{file}：这个答案没有 {format} 格式。请用 --format 指定其中之一：{names}。"
    ),
    "{option} does not go with {format}, which has no place for them. Use json or table.": (
        "{option} 不能与 {format} 同用，该格式没有存放之处。请用 json 或 table。"
    ),
    "{what} goes with rows, and a truth value has none. Ask a SELECT query.": (
        "{what} 只用于多行结果，真假值没有行。请用 SELECT 查询。"
    ),
    "the answer holds a character that XML cannot. Use --format json.": (
        "答案含有 XML 不允许的字符。请用 --format json。"
    ),
    "a SELECT or ASK query gives no triples. Use one of {names}.": "SELECT 或 ASK 查询不给出三元组。可用格式：{names}。",
    "a CONSTRUCT or DESCRIBE query gives triples, and --sources goes with rows. Ask a SELECT query.": (
        "CONSTRUCT 或 DESCRIBE 查询给出三元组，而 --sources 只用于多行结果。请用 SELECT 查询。"
    ),
    "a CONSTRUCT or DESCRIBE query gives triples, not {format}. Use --format {use}.": (
        "CONSTRUCT 或 DESCRIBE 查询给出三元组，没有 {format} 格式。请用 --format {use}。"
    ),
    "an ASK query has no {format} form. Use --format json or xml.": (
        "ASK 查询没有 {format} 格式。请用 --format json 或 xml。"
    ),
    "give the query either as text or with --file.": "请以文本或用 --file 给出查询，二者取一。",
    "the query is not UTF-8. Save or send it as UTF-8.": "查询不是 UTF-8 编码。请用 UTF-8 保存或发送。",
    "{file}: no such file. Give files of the pack, or files to add to it.": (
        "{file}：没有这个文件。请给出图谱包中的文件，或要加入其中的文件。"
    ),
    "--watch prints on and on and takes no -o. Leave one of them out.": "--watch 持续输出，不能与 -o 同用。请去掉其一。",
    "the proof has {count} levels, more than JSON can nest. Use --format text or turtle.": (
        "证明有 {count} 层，超过 JSON 可嵌套的层数。请用 --format text 或 turtle。"
    ),
}

# -- mistakes in SPARQL -----------------------------------------------------------------------------

_SPARQL = {
    "expected {what}": "此处应为 {what}",
    "there is something missing or too much here": "此处缺少或多出了内容",
    "{expected}. Mend the query and run it again.": "{expected}。请修改查询后再运行。",
    "the query is empty. Ask SELECT, ASK, CONSTRUCT or DESCRIBE.": (
        "查询为空。请用 SELECT、ASK、CONSTRUCT 或 DESCRIBE 提问。"
    ),
    "this would change the graph, which is read-only. Ask SELECT, ASK, CONSTRUCT or DESCRIBE.": (
        "这会改动图谱，而图谱是只读的。请用 SELECT、ASK、CONSTRUCT 或 DESCRIBE 提问。"
    ),
    "SERVICE sends a part of the query to another machine. Add --allow-service (allow_service=True) to let it.": (
        "SERVICE 会把查询的一部分发送到其他机器。若要允许，请加 --allow-service（allow_service=True）。"
    ),
    "brackets more than {count} deep. Flatten the query.": "括号嵌套超过 {count} 层。请简化查询。",
    "more than {count} patterns, operators and groups. Split the query.": (
        "模式、运算符和分组超过 {count} 个。请拆分查询。"
    ),
    "this is no IRI. Write it whole, without spaces, as in <http://example.org/a>.": (
        "这不是 IRI。请完整写出且不含空格，如 <http://example.org/a>。"
    ),
    "the prefix {prefix}: is not declared.{near}": "前缀 {prefix}: 未声明。{near}",
    " Begin the query with 'PREFIX {prefix}: <...>'.": "请在查询开头写 'PREFIX {prefix}: <...>'。",
    "'{word}' is no word of SPARQL.{hint}": "'{word}' 不是 SPARQL 的词。{hint}",
    " Give a name its prefix, and set a text in quotes.": "名称请加前缀，文本请加引号。",
    "this {sign} is not closed in its line. Close it, or use three of them.": (
        "这个 {sign} 在本行没有闭合。请闭合，或连用三个。"
    ),
    "this '{sign}' closes nothing. Remove it, or open it before.": "这个 '{sign}' 没有对应的左括号。请去掉，或在前面补上。",
    "this '{sign}' is not closed. Add '{end}'.": "这个 '{sign}' 没有闭合。请补上 '{end}'。",
    "this triple is not complete. It needs a subject, a predicate and an object.": (
        "这个三元组不完整。它需要主语、谓语和宾语。"
    ),
}

# -- explanations: what llmkg why says, then the rules ----------------------------------------------

_EXPLANATIONS = {
    "{fact}: this does not follow.": "{fact}：推不出这一点。",
    "{fact}: a file says so.": "{fact}：文件中有此陈述。",
    "{fact}: it follows, but no proof of it was found.": "{fact}：可以推出，但没有找到证明。",
    "No rule comes near: nothing is known that could lead to it.": "没有接近的规则：已知内容都不足以推出它。",
    "Proof {number}": "证明 {number}",
    "by {rule}: {reason}": "依 {rule}：{reason}",
    "by {rule} from {source}: {reason}": "依 {rule}，由 {source}：{reason}",
    "{number}. {rule} could give it: {reason}": "{number}. {rule} 本可推出：{reason}",
    "missing: {fact}": "缺少：{fact}",
    "holds:   ": "已有：",
    " (about a literal: RDF cannot state this)": "（关于字面量：RDF 无法陈述）",
    "(any)": "（任意）",
    "something": "某物",
    "is of kind": "属于类",
    "the class described": "所述的类",
}
_RULES = {
    "Being the same holds both ways.": "“相同”是双向的。",
    "Both are the same as {y}.": "两者都与 {y} 相同。",
    "{s} is the same as {t}.": "{s} 与 {t} 相同。",
    "{o} is the same as {t}.": "{o} 与 {t} 相同。",
    "The property “{p}” is the same as “{q}”.": "属性“{p}”与“{q}”相同。",
    "What has “{p}” is of kind {c}.": "凡有“{p}”的都属于类 {c}。",
    "What something has as “{p}” is of kind {c}.": "凡作为“{p}”之值的都属于类 {c}。",
    "A thing has at most one value of “{p}”.": "一个事物的“{p}”至多有一个值。",
    "At most one thing has a given value of “{p}”.": "“{p}”的同一个值至多属于一个事物。",
    "“{p}” holds both ways.": "“{p}”是双向的。",
    "“{p}” is transitive, and {y} lies between the two.": "“{p}”可传递，{y} 居于两者之间。",
    "Where “{q}” holds, “{p}” holds.": "凡“{q}”成立，“{p}”也成立。",
    "Where “{p}” holds, “{q}” holds.": "凡“{p}”成立，“{q}”也成立。",
    "“{q}” and “{p}” mean the same.": "“{q}”与“{p}”同义。",
    "“{p}” and “{q}” mean the same.": "“{p}”与“{q}”同义。",
    "“{p}” is “{q}” read the other way.": "“{p}”是“{q}”的逆。",
    "{c} is whatever “{p}” some {f}.": "凡“{p}”某个 {f} 的都属于 {c}。",
    "{c} is whatever “{p}” anything.": "凡有“{p}”的都属于 {c}。",
    "{c} is whatever “{p}” {v}.": "凡“{p}”{v} 的都属于 {c}。",
    "Whatever is a {c} “{p}” only {f}.": "凡属于 {c} 的，只“{p}”{f}。",
    "Whatever is a {c} “{p}” {v}.": "凡属于 {c} 的，都“{p}”{v}。",
    "A {c} has at most one value of “{p}”.": "一个 {c} 的“{p}”至多有一个值。",
    "A {c} “{p}” at most one {f}.": "一个 {c} 至多“{p}”一个 {f}。",
    "{d} is a kind of {c}.": "{d} 是 {c} 的一种。",
    "{d} and {c} mean the same.": "{d} 与 {c} 同义。",
    "{c} and {d} mean the same.": "{c} 与 {d} 同义。",
    "{x} and {y} mean the same.": "{x} 与 {y} 同义。",
    "{x} is a kind of {y}, and {y} is a kind of {z}.": "{x} 是 {y} 的一种，{y} 是 {z} 的一种。",
    "{x} is a kind of {y}, and the other way round.": "{x} 是 {y} 的一种，反之亦然。",
    "Whatever “{x}” holds of, “{y}” holds of, and then “{z}”.": "凡“{x}”成立，“{y}”也成立，“{z}”随之成立。",
    "Whatever “{x}” holds of, “{y}” holds of, and the other way round.": "凡“{x}”成立，“{y}”也成立，反之亦然。",
    "Whatever “{p}” {v} also “{q}” {v}.": "凡“{p}”{v} 的，也“{q}”{v}。",
    "Whatever “{p}” some {f} also “{p}” some {g}.": "凡“{p}”某个 {f} 的，也“{p}”某个 {g}。",
    "Whatever “{p}” some {f} also “{q}” some {f}.": "凡“{p}”某个 {f} 的，也“{q}”某个 {f}。",
    "Whatever “{p}” only {f} “{p}” only {g}.": "凡只“{p}”{f} 的，也只“{p}”{g}。",
    "Whatever “{p}” only {f} “{q}” only {f}.": "凡只“{p}”{f} 的，也只“{q}”{f}。",
    "{chain}: this chain makes “{implied}”.": "{chain}：这条链推出“{implied}”。",
    "They share the values that tell one {cls} from another.": "两者用来区分 {cls} 的值相同。",
    "It is all that a {cls} is.": "它满足 {cls} 的全部条件。",
    "A {cls} is that among other things.": "{cls} 包含这一条件。",
    "That is one way to be a {cls}.": "这是成为 {cls} 的一种方式。",
    "It is one of those that {cls} lists.": "它是 {cls} 所列举的之一。",
}

CHINESE = {**_PARTS, **_NOTICES, **_EMPTINESS, **_MISTAKES, **_SPARQL, **_EXPLANATIONS, **_RULES}
