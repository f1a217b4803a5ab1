// The grammar of the script language, for PEGTL. Rules follow the language from small to large: names,
// literals, expressions, SQL, statements. Line breaks inside () and [] are gone already (see layout.h).
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/limit_depth.hpp>
#include <tao/pegtl/contrib/parse_tree.hpp>

#include "lang/syntax.h"

namespace host {
namespace {
namespace pegtl = tao::pegtl;
namespace rules {

using namespace tao::pegtl;  // NOLINT: a grammar is unreadable with qualified combinators

// ---- blanks and words
struct blank : one<' ', '\t', '\v'> {};
struct ws : star<blank> {};
struct lines : star<sor<blank, one<'\n'>>> {};
struct gaps : star<sor<blank, one<'\n', ';'>>> {};
struct word_char : sor<alnum, one<'_'>> {};

template <typename... Text>
struct word : seq<sor<Text...>, not_at<word_char>> {};
#define HOST_WORD(id, text) \
  struct id : word<TAO_PEGTL_STRING(text)> {}
#define HOST_SQL_WORD(id, text) \
  struct id : word<TAO_PEGTL_ISTRING(text)> {}
HOST_WORD(k_def, "def");
HOST_WORD(k_return, "return");
HOST_WORD(k_if, "if");
HOST_WORD(k_else, "else");
HOST_WORD(k_for, "for");
HOST_WORD(k_while, "while");
HOST_WORD(k_do, "do");
HOST_WORD(k_break, "break");
HOST_WORD(k_continue, "continue");
HOST_WORD(k_try, "try");
HOST_WORD(k_catch, "catch");
HOST_WORD(k_throw, "throw");
HOST_WORD(k_mutable, "mutable");
HOST_WORD(k_share, "share");
HOST_WORD(k_use, "use");
HOST_WORD(k_go, "go");
HOST_WORD(k_assert, "assert");
HOST_SQL_WORD(k_in, "in");
HOST_SQL_WORD(k_as, "as");
HOST_SQL_WORD(k_select, "select");
HOST_SQL_WORD(k_exec, "exec");
HOST_SQL_WORD(k_from, "from");
HOST_SQL_WORD(k_where, "where");
HOST_SQL_WORD(k_order, "order");
HOST_SQL_WORD(k_by, "by");
#undef HOST_WORD
#undef HOST_SQL_WORD

struct constant : word<TAO_PEGTL_STRING("true"), TAO_PEGTL_STRING("false"), TAO_PEGTL_STRING("NULL")> {};
struct reserved : sor<k_def, k_return, k_if, k_else, k_for, k_while, k_do, k_break, k_continue, k_try,
                      k_catch, k_throw, k_mutable, k_in, k_as, k_select, k_exec, k_from, k_where, constant> {
};
struct name : seq<not_at<reserved>, sor<alpha, one<'_'>>, star<word_char>, opt<one<'!'>, not_at<one<'='>>>> {
};
struct qualified_name : seq<name, two<':'>, must<name>> {};

// ---- literals
struct d2 : rep<2, digit> {};
struct clock : seq<d2, one<':'>, d2, one<':'>, d2, opt<one<'.'>, rep_min_max<1, 9, digit>>> {};
struct date : seq<rep<4, digit>, one<'.'>, d2, one<'.'>, d2> {};
struct month : seq<rep<4, digit>, one<'.'>, d2, one<'M'>> {};
struct minute : seq<d2, one<':'>, d2, one<'m'>> {};
struct temporal : seq<sor<seq<date, one<'T', ' '>, clock>, date, month, clock, minute>, not_at<word_char>> {};
struct fraction : seq<one<'.'>, plus<digit>> {};
struct exponent : seq<one<'e', 'E'>, opt<one<'+', '-'>>, plus<digit>> {};
struct number_end : not_at<word_char> {};
struct number : seq<sor<seq<plus<digit>, opt<fraction>>, fraction>, opt<exponent>,
                    opt<one<'h', 'l', 'f', 'F', 'b', 'c', 'i'>>, must<number_end>> {};
template <char Quote>
struct quoted : seq<one<Quote>, star<sor<seq<one<'\\'>, any>, not_one<Quote>>>, one<Quote>> {};
struct string_literal : sor<quoted<'"'>, quoted<'\''>> {};
struct symbols : plus<one<'`'>, star<word_char>, star<one<'.'>, plus<word_char>, not_at<ws, one<'('>>>> {};

// ---- expressions
struct expression;
struct postfix;
struct parameters;
struct block;
struct select;
struct closing_paren : one<')'> {};
struct closing_square : one<']'> {};
struct closing_curly : one<'}'> {};
struct opening_paren : one<'('> {};

struct alias_name : sor<name, symbols> {};
struct alias : seq<ws, k_as, ws, must<alias_name>> {};
struct star_mark : one<'*'> {};
struct argument : opt<sor<seq<expression, opt<alias>>, seq<star_mark, ws, at<closing_paren>>>> {};
struct arguments : seq<lines, argument, lines, star<one<','>, lines, argument, lines>> {};

struct call : seq<one<'('>, arguments, must<closing_paren>> {};
struct index : seq<one<'['>, arguments, must<closing_square>> {};
struct partial : seq<one<'{'>, arguments, must<closing_curly>> {};
struct member : seq<one<'.'>, name, opt<ws, call>> {};

struct lambda : seq<k_def, ws, parameters, lines, must<block>> {};
struct tuple : seq<one<'('>, arguments, must<closing_paren>> {};
struct list : seq<one<'['>, arguments, must<closing_square>> {};
struct colon : one<':'> {};
struct entry : seq<postfix, ws, must<colon>, lines, must<expression>> {};
struct dictionary
    : seq<one<'{'>, lines, opt<entry, lines, star<one<','>, lines, entry, lines>>, must<closing_curly>> {};
struct primary : sor<lambda, select, temporal, number, string_literal, symbols, constant, qualified_name,
                     name, tuple, list, dictionary> {};
struct postfix : seq<primary, star<sor<seq<ws, call>, index, partial, member>>> {};
struct unary_operator : sor<one<'-'>, seq<one<'!'>, not_at<one<'='>>>, one<'+'>> {};
struct unary : seq<star<unary_operator, ws>, postfix> {};
struct range_operator : sor<two<'.'>, seq<one<':'>, not_at<one<':'>>>> {};
struct range : seq<unary, opt<ws, range_operator, lines, must<unary>>> {};

template <typename Operator, typename Operand>
struct left_chain : seq<Operand, star<ws, Operator, lines, must<Operand>>> {};
struct times_operator : seq<one<'*', '/', '%', '$'>, not_at<one<'='>>> {};
struct plus_operator : seq<one<'+', '-'>, not_at<one<'='>>> {};
struct equals : seq<one<'='>, not_at<one<'='>>> {};
struct compare_operator : sor<TAO_PEGTL_STRING("=="), TAO_PEGTL_STRING("!="), TAO_PEGTL_STRING("<="),
                              TAO_PEGTL_STRING(">="), one<'<', '>'>, k_in> {};
// In a where clause a single = compares.
struct where_operator : sor<compare_operator, equals> {};
struct and_operator : two<'&'> {};
struct or_operator : two<'|'> {};
struct product : left_chain<times_operator, range> {};
struct sum : left_chain<plus_operator, product> {};
// Two operands and no more: the host has no chains such as a < b < c.
template <typename Operator>
struct no_chain : not_at<ws, Operator> {};
template <typename Operator>
struct comparison_by : seq<sum, opt<ws, Operator, lines, must<sum>, must<no_chain<Operator>>>> {};
struct comparison : comparison_by<compare_operator> {};
struct conjunction : left_chain<and_operator, comparison> {};
struct expression : left_chain<or_operator, conjunction> {};
struct where_comparison : comparison_by<where_operator> {};
struct where_conjunction : left_chain<and_operator, where_comparison> {};
struct where_expression : left_chain<or_operator, where_conjunction> {};

// ---- SQL
template <typename Item>
struct items : seq<must<Item>, star<lines, one<','>, lines, must<Item>>> {};
struct column : sor<star_mark, seq<expression, opt<alias>>> {};
struct columns : items<column> {};
struct source : seq<postfix> {};  // Not derived from postfix: only a node of that name is folded.
struct where : items<where_expression> {};
struct order_by : items<expression> {};
struct select_word : sor<k_select, k_exec> {};
struct select : seq<select_word, lines, columns, lines, must<k_from>, lines, must<source>,
                    opt<lines, k_where, lines, where>, opt<lines, k_order, ws, must<k_by>, lines, order_by>> {
};

// ---- statements
struct statement;
struct opening_curly : one<'{'> {};
struct block : seq<opening_curly, gaps, star<statement, gaps>, must<closing_curly>> {};
struct body : sor<block, statement> {};
struct mutable_mark : seq<k_mutable, plus<blank>> {};
struct parameter : seq<opt<mutable_mark>, name, ws> {};
struct parameters
    : seq<one<'('>, ws, opt<parameter, star<one<','>, ws, must<parameter>>>, must<closing_paren>> {};
struct condition : seq<must<opening_paren>, ws, must<expression>, ws, must<closing_paren>, lines> {};

struct def_statement : seq<k_def, ws, name, ws, must<parameters>, lines, must<block>> {};
struct else_branch : seq<gaps, k_else, lines, must<body>> {};
struct if_statement : seq<k_if, ws, condition, must<body>, opt<else_branch>> {};
struct for_statement : seq<k_for, ws, must<opening_paren>, ws, must<name>, ws, must<k_in>, ws,
                           must<expression>, ws, must<closing_paren>, lines, must<body>> {};
struct while_statement : seq<k_while, ws, condition, must<body>> {};
struct do_statement : seq<k_do, lines, must<block>, lines, must<k_while>, ws, condition> {};
struct try_statement : seq<k_try, lines, must<block>, lines, must<k_catch>, ws, must<opening_paren>, ws,
                           must<name>, ws, must<closing_paren>, lines, must<block>> {};
struct compound
    : sor<def_statement, if_statement, for_statement, while_statement, do_statement, try_statement> {};

struct at_end : at<ws, sor<one<';', '\n', '}'>, eof>> {};
struct argument_start : seq<plus<blank>, not_at<one<'=', '.', ',', ')'>>> {};
struct throw_statement : seq<k_throw, ws, must<expression>> {};
struct return_statement : seq<k_return, ws, opt<expression>> {};
struct break_statement : k_break {};
struct continue_statement : k_continue {};
struct share_statement : seq<k_share, argument_start, must<expression>, ws, must<k_as>, ws, must<name>> {};
struct use_statement : seq<k_use, argument_start, must<name>> {};
struct go_statement : seq<k_go, at_end> {};
struct assert_statement
    : seq<k_assert, argument_start, must<expression>, opt<ws, one<','>, ws, must<expression>>> {};
struct assign_operator : sor<equals, TAO_PEGTL_STRING("+="), TAO_PEGTL_STRING("-=")> {};
struct expression_statement : seq<expression, opt<ws, assign_operator, lines, must<expression>>> {};
struct simple : sor<throw_statement, return_statement, break_statement, continue_statement, share_statement,
                    use_statement, go_statement, assert_statement, expression_statement> {};
struct statement_end : at_end {};
struct statement : sor<compound, seq<simple, must<statement_end>>> {};
struct nothing_more : eof {};
struct program : seq<gaps, star<statement, gaps>, must<nothing_more>> {};

}  // namespace rules

// ---- which rules become nodes, and under which kind
struct SyntaxTreeNode : pegtl::parse_tree::basic_node<SyntaxTreeNode> {
  Syntax kind = Syntax::program;
};
using TreePointer = std::unique_ptr<SyntaxTreeNode>;

template <Syntax Kind>
struct Keep : std::true_type {
  static void transform(TreePointer& node) { node->kind = Kind; }
};
// Chains of one element (an expression without an operator, say) are replaced by that element.
template <Syntax Kind>
struct Fold : std::true_type {
  static void transform(TreePointer& node) {
    if (node->children.size() == 1) {
      node = std::move(node->children.front());
    } else {
      node->kind = Kind;
    }
  }
};

template <typename Rule>
struct selector : std::false_type {};
#define HOST_KEEP(rule) \
  template <>           \
  struct selector<rules::rule> : Keep<Syntax::rule> {}
#define HOST_KEEP_AS(rule, kind) \
  template <>                    \
  struct selector<rules::rule> : Keep<Syntax::kind> {}
#define HOST_FOLD(rule, kind) \
  template <>                 \
  struct selector<rules::rule> : Fold<Syntax::kind> {}
HOST_KEEP(block);
HOST_KEEP(def_statement);
HOST_KEEP(if_statement);
HOST_KEEP(for_statement);
HOST_KEEP(while_statement);
HOST_KEEP(do_statement);
HOST_KEEP(try_statement);
HOST_KEEP(throw_statement);
HOST_KEEP(return_statement);
HOST_KEEP(break_statement);
HOST_KEEP(continue_statement);
HOST_KEEP(share_statement);
HOST_KEEP(use_statement);
HOST_KEEP(go_statement);
HOST_KEEP(assert_statement);
HOST_KEEP(expression_statement);
HOST_KEEP(parameters);
HOST_KEEP(parameter);
HOST_KEEP(mutable_mark);
HOST_KEEP(call);
HOST_KEEP(index);
HOST_KEEP(partial);
HOST_KEEP(member);
HOST_KEEP(argument);
HOST_KEEP(alias);
HOST_KEEP(select);
HOST_KEEP(columns);
HOST_KEEP(column);
HOST_KEEP(where);
HOST_KEEP(order_by);
HOST_KEEP(lambda);
HOST_KEEP(tuple);
HOST_KEEP(list);
HOST_KEEP(dictionary);
HOST_KEEP(entry);
HOST_KEEP(name);
HOST_KEEP(qualified_name);
HOST_KEEP(number);
HOST_KEEP(temporal);
HOST_KEEP(symbols);
HOST_KEEP(constant);
HOST_KEEP_AS(string_literal, string);
HOST_KEEP_AS(star_mark, star);
HOST_KEEP_AS(select_word, operator_mark);
HOST_KEEP_AS(unary_operator, operator_mark);
HOST_KEEP_AS(range_operator, operator_mark);
HOST_KEEP_AS(times_operator, operator_mark);
HOST_KEEP_AS(plus_operator, operator_mark);
HOST_KEEP_AS(compare_operator, operator_mark);
HOST_KEEP_AS(equals, operator_mark);
HOST_KEEP_AS(assign_operator, operator_mark);
HOST_KEEP_AS(and_operator, operator_mark);
HOST_KEEP_AS(or_operator, operator_mark);
HOST_FOLD(postfix, postfix);
HOST_FOLD(range, range);
HOST_FOLD(unary, unary);
HOST_FOLD(product, binary);
HOST_FOLD(sum, binary);
HOST_FOLD(comparison, binary);
HOST_FOLD(where_comparison, binary);
HOST_FOLD(conjunction, binary);
HOST_FOLD(where_conjunction, binary);
HOST_FOLD(expression, binary);
HOST_FOLD(where_expression, binary);
#undef HOST_KEEP
#undef HOST_KEEP_AS
#undef HOST_FOLD

// ---- what must<> says
struct Messages {
  // Only must<> raises; a rule that fails elsewhere lets the next alternative try.
  template <typename>
  static constexpr bool raise_on_failure = false;
  template <typename>
  static constexpr const char* message = "An expression is expected here";
};
#define HOST_MESSAGE(rule, text) \
  template <>                    \
  inline constexpr const char* Messages::message<rules::rule> = text
HOST_MESSAGE(name, "A name is expected here (a reserved word cannot be one)");
HOST_MESSAGE(alias_name, "A column name is expected after `as`");
HOST_MESSAGE(number_end, "Malformed number");
HOST_MESSAGE(closing_paren, "A comma or the closing ) is expected here");
HOST_MESSAGE(closing_square, "A comma or the closing ] is expected here");
HOST_MESSAGE(closing_curly, "A statement, a comma or the closing } is expected here");
HOST_MESSAGE(opening_paren, "An opening ( is expected here");
HOST_MESSAGE(colon, "A dictionary entry is `key: value`; the : is missing");
HOST_MESSAGE(block, "An opening { is expected here");
HOST_MESSAGE(body, "A statement or { is expected here");
HOST_MESSAGE(parameter, "A parameter name is expected here");
HOST_MESSAGE(parameters, "The parameters in ( ) are expected here");
HOST_MESSAGE(column, "A column is expected here");
HOST_MESSAGE(k_from, "`select` needs a `from` here");
HOST_MESSAGE(k_by, "`by` is expected here");
HOST_MESSAGE(k_in, "`in` is expected here: for(x in v)");
HOST_MESSAGE(no_chain<rules::compare_operator>, "Comparisons cannot be chained in the host; join them by &&");
HOST_MESSAGE(no_chain<rules::where_operator>, "Comparisons cannot be chained in the host; join them by &&");
HOST_MESSAGE(k_as, "`as` is expected here: share t as name");
HOST_MESSAGE(k_while, "`while(condition)` is expected after do { }");
HOST_MESSAGE(k_catch, "`catch(ex) { }` is expected after try { }");
HOST_MESSAGE(statement_end,
             "Unexpected text after the statement; an operator, a comma, ; or a line break may be missing");
HOST_MESSAGE(nothing_more, "A statement is expected here");
#undef HOST_MESSAGE

template <typename Rule>
using control = pegtl::must_if<Messages>::control<Rule>;

// Brackets are bounded by Layout; these rules recurse without one (else-if chains, `x -> x -> ...`).
constexpr std::size_t max_depth = 200;
template <typename Rule>
struct depth_limit : pegtl::nothing<Rule> {};
template <>
struct depth_limit<rules::statement> : pegtl::limit_depth<max_depth> {};

SyntaxNode convert(const SyntaxTreeNode& tree) {
  SyntaxNode node;
  node.kind = tree.kind;
  if (tree.has_content()) {
    node.offset = tree.begin().byte;
    if (tree.children.empty()) node.text = tree.string();
  }
  node.children.reserve(tree.children.size());
  for (const auto& child : tree.children)
    node.children.push_back(convert(*child));
  return node;
}

}  // namespace

SyntaxNode parse_syntax(const Layout& layout) {
  pegtl::memory_input<> input(layout.text(), "");
  try {
    const auto root =
        pegtl::parse_tree::parse<rules::program, SyntaxTreeNode, selector, depth_limit, control>(input);
    return convert(*root);
  } catch (const pegtl::parse_error& error) {
    throw SyntaxError(layout.position(error.positions().front().byte), std::string(error.message()));
  }
}

}  // namespace host
