// The syntax tree: what the grammar found, before names mean anything.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lang/layout.h"

namespace host {

enum class Syntax {
  program,
  block,
  def_statement,
  if_statement,
  for_statement,
  while_statement,
  do_statement,
  try_statement,
  throw_statement,
  return_statement,
  break_statement,
  continue_statement,
  share_statement,
  use_statement,
  go_statement,
  assert_statement,
  expression_statement,
  parameters,
  parameter,
  mutable_mark,
  binary,
  unary,
  range,
  operator_mark,
  postfix,
  call,
  index,
  partial,
  member,
  argument,
  star,
  alias,
  select,
  columns,
  column,
  where,
  order_by,
  lambda,
  tuple,
  list,
  dictionary,
  entry,
  name,
  qualified_name,
  number,
  temporal,
  string,
  symbols,
  constant,
};

struct SyntaxNode {
  Syntax kind = Syntax::program;
  std::size_t offset = 0;  // byte in the source
  std::string text;        // for leaves: the source text
  std::vector<SyntaxNode> children;
};

// Parses a whole script into a `program` node. Throws SyntaxError.
SyntaxNode parse_syntax(const Layout& layout);

}  // namespace host
