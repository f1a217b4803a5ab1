// The part of the builder that makes expressions.
#include "ScalarImp.h"
#include "lang/builder.h"
#include "lang/functions.h"
#include "lang/literals.h"
#include "lang/runtime.h"

namespace host {
namespace {

// Evaluation recurses along a chain of operators.
constexpr std::size_t max_chain = 2000;

bool is_empty_index(const SyntaxNode& node) {
  return node.kind == Syntax::index && node.children.size() == 1 && node.children[0].children.empty();
}

}  // namespace

ExpressionPtr Builder::expression(const SyntaxNode& node) {
  const auto where = position(node);
  const auto literal = [&](const ConstantSP& value) { return std::make_unique<Literal>(where, value); };
  switch (node.kind) {
    case Syntax::number:
      return literal(parse_number(node.text, where));
    case Syntax::temporal: {
      const ConstantSP value = parse_temporal(node.text);
      if (value.isNull()) fail(node, node.text + " is no valid date or time");
      return literal(value);
    }
    case Syntax::string:
      return literal(parse_string(node.text));
    case Syntax::symbols:
      return literal(parse_symbols(node.text));
    case Syntax::constant:
      if (node.text == "NULL") return literal(new Void(true));
      return literal(new Bool(static_cast<char>(node.text == "true")));
    case Syntax::name:
      return name(node);
    case Syntax::qualified_name:
      return qualified_name(node);
    case Syntax::unary:
      return unary(node);
    case Syntax::binary:
      return binary(node);
    case Syntax::range:
      return range(node);
    case Syntax::postfix:
      return postfix(node);
    case Syntax::tuple:
    case Syntax::list:
      return list(node);
    case Syntax::dictionary:
      return dictionary(node);
    case Syntax::lambda:
      return literal(function(node.children[0], node.children[1], ""));
    case Syntax::select:
      return select(node);
    default:
      fail(node, "An expression is expected here");
  }
}

ExpressionPtr Builder::name(const SyntaxNode& node) {
  const auto where = position(node);
  if (sql_ || knows_variable(node.text)) return std::make_unique<Variable>(where, node.text);
  const FunctionDefSP function = session_.getFunctionDef(node.text);
  if (!function.isNull()) return std::make_unique<Literal>(where, function);
  const auto type = Util::getDataType(node.text);
  if (type != DT_VOID || Util::lower(node.text) == "void")
    return std::make_unique<Literal>(where, new Int(type));
  if (node.text == scope_.name) return std::make_unique<Variable>(where, node.text);
  fail(node, "Cannot recognize the token " + node.text);
}

ExpressionPtr Builder::qualified_name(const SyntaxNode& node) {
  const auto full = node.children[0].text + "::" + node.children[1].text;
  const FunctionDefSP function = session_.getFunctionDef(full);
  if (function.isNull()) {
    fail(node, Runtime::instance().has_module(node.children[0].text)
                   ? "The module " + node.children[0].text + " has no function " + node.children[1].text
                   : "Can't recognize " + full + "; load the plugin first, with `go` after loadPlugin");
  }
  return std::make_unique<Literal>(position(node), function);
}

ExpressionPtr Builder::unary(const SyntaxNode& node) {
  auto result = expression(node.children.back());
  for (auto i = node.children.size() - 1; i-- > 0;) {
    const auto& mark = node.children[i];
    if (mark.text == "+") continue;
    const bool is_not = mark.text != "-";
    const auto* literal = dynamic_cast<const Literal*>(result.get());
    if (!is_not && literal != nullptr && literal->value()->isNumber()) {
      const ConstantSP value = literal->value()->getValue();
      const ConstantSP negative = negate(value);
      result = std::make_unique<Literal>(position(mark), convert_to(value->getType(), negative));
    } else {
      result = std::make_unique<Unary>(position(mark), is_not, std::move(result));
    }
  }
  return result;
}

ExpressionPtr Builder::binary(const SyntaxNode& node) {
  if (node.children.size() > max_chain) {
    fail(node, "The expression has more than " + std::to_string(max_chain / 2) + " operands");
  }
  auto result = expression(node.children[0]);
  for (std::size_t i = 1; i + 1 < node.children.size(); i += 2) {
    const auto op = operator_of(node.children[i].text);
    if (!op) fail(node.children[i], "Unknown operator " + node.children[i].text);
    result = std::make_unique<Binary>(position(node.children[i]), *op, std::move(result),
                                      expression(node.children[i + 1]));
  }
  return result;
}

ExpressionPtr Builder::range(const SyntaxNode& node) {
  auto first = expression(node.children[0]);
  return std::make_unique<Range>(position(node), node.children[1].text == ":", std::move(first),
                                 expression(node.children[2]));
}

ExpressionPtr Builder::list(const SyntaxNode& node) {
  std::vector<ExpressionPtr> items;
  const auto& parts = node.children;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].children.empty()) {
      if (parts.size() == 1) break;  // nothing between the brackets
      if (i + 1 == parts.size()) fail(parts[i], "A value is missing after the comma");
      items.push_back(std::make_unique<Literal>(position(node), new Void(true)));
      continue;
    }
    if (parts[i].children.size() > 1 || parts[i].children[0].kind == Syntax::star) {
      fail(parts[i], "A plain value is expected here");
    }
    items.push_back(expression(parts[i].children[0]));
  }
  const bool is_tuple = node.kind == Syntax::tuple;
  const bool comma = parts.size() > 1;
  if (is_tuple && !comma && items.size() == 1) return std::move(items.front());
  return std::make_unique<List>(position(node), is_tuple, std::move(items));
}

ExpressionPtr Builder::dictionary(const SyntaxNode& node) {
  std::vector<DictionaryLiteral::Entry> entries;
  for (const auto& entry : node.children) {
    const auto& key = entry.children[0];
    auto word =
        key.kind == Syntax::name ? std::make_unique<Variable>(position(key), key.text) : expression(key);
    entries.emplace_back(std::move(word), expression(entry.children[1]));
  }
  return std::make_unique<DictionaryLiteral>(position(node), std::move(entries));
}

ExpressionPtr Builder::index(ExpressionPtr base, const SyntaxNode& node) {
  if (node.children.size() != 1 || node.children[0].children.size() != 1) {
    fail(node, "x[i] takes exactly one index");
  }
  return std::make_unique<Index>(position(node), std::move(base), expression(node.children[0].children[0]));
}

// The type of arrays: INT[].
ExpressionPtr Builder::array_type(const SyntaxNode& name) {
  const auto type = Util::getDataType(name.text + "[]");
  if (type == DT_VOID) fail(name, name.text + "[] is not a type; x[i] takes exactly one index");
  return std::make_unique<Literal>(position(name), new Int(type));
}

ExpressionPtr Builder::postfix(const SyntaxNode& node) {
  ExpressionPtr result;
  std::size_t next = 1;
  const auto& head = node.children[0];
  // A name that is called is looked up as a function first.
  if (head.kind == Syntax::name && node.children[1].kind == Syntax::call) {
    const auto kind = table_kind(head.text);
    if (kind && !knows_variable(head.text)) {
      result = table_call(node.children[1], *kind, nullptr);
    } else {
      result = call(callee(head), nullptr, node.children[1]);
    }
    next = 2;
  } else if (head.kind == Syntax::name && is_empty_index(node.children[1])) {
    result = array_type(head);
    next = 2;
  } else {
    result = expression(head);
  }
  for (; next < node.children.size(); ++next) {
    const auto& part = node.children[next];
    switch (part.kind) {
      case Syntax::call:
        result = call(Callee{std::move(result), {}, ""}, nullptr, part);
        break;
      case Syntax::partial: {
        Callee target{std::move(result), {}, ""};
        if (const auto* literal = dynamic_cast<const Literal*>(target.expression.get())) {
          if (literal->value()->getType() != DT_FUNCTIONDEF)
            fail(part, "Only a function can be partially applied");
        }
        auto values = arguments(part, target, nullptr);
        result =
            std::make_unique<PartialCall>(position(part), std::move(target.expression), std::move(values));
        break;
      }
      case Syntax::index:
        result = index(std::move(result), part);
        break;
      default: {
        const auto& member = part.children[0];
        if (part.children.size() == 1) {
          result = std::make_unique<Member>(position(part), std::move(result), member.text);
        } else {
          result = call(callee_of_name(member.text, member), std::move(result), part.children[1]);
        }
      }
    }
  }
  return result;
}

ExpressionPtr Builder::select(const SyntaxNode& node) {
  SelectParts parts;
  parts.exec = Util::lower(node.children[0].text) == "exec";
  const bool outer = std::exchange(sql_, true);
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const auto& part = node.children[i];
    switch (part.kind) {
      case Syntax::columns:
        for (const auto& column : part.children)
          parts.columns.push_back(select_column(column));
        break;
      case Syntax::where:
        for (const auto& condition : part.children)
          parts.conditions.push_back(expression(condition));
        break;
      case Syntax::order_by:
        for (const auto& key : part.children)
          parts.order.push_back(expression(key));
        break;
      default:
        sql_ = outer;
        parts.source = expression(part);
        sql_ = true;
    }
  }
  sql_ = outer;
  return std::make_unique<Select>(position(node), std::move(parts));
}

SelectColumn Builder::select_column(const SyntaxNode& node) {
  const auto& first = node.children[0];
  SelectColumn result;
  if (first.kind == Syntax::star) return result;
  result.expression = expression(first);
  if (node.children.size() > 1) {
    const auto& alias = node.children[1].children[0];
    result.alias = alias.kind == Syntax::symbols ? alias.text.substr(1) : alias.text;
  }
  return result;
}

}  // namespace host
