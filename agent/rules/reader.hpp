// Reads tokens into a RuleText. For this folder's own use: text.hpp's read_text() is the way in.
//
//   rule       = any [ "while" any ] [ "for" time ] [ "clear" ( sign amount | any ) [ "for" time ] ]
//   any        = all { "or" all }            all = one { "and" one }
//   one        = "not" one | "(" any ")" | comparison
//   comparison = measure [ "of" scope ] [ "over" time ] sign amount
//   measure    = word | "service_level" "(" time "," formula ")"
//   scope      = "any" ( "queue" | "line" ) | [ "queue" | "line" ] name          name = word | number | "text in quotes"
//   amount     = number [ "s" | "min" | "h" | "%" ] | number "x" "usual"          time = number ( "s" | "min" | "h" )
#pragma once

#include "agent/rules/text.hpp"
#include "agent/rules/tokens.hpp"

namespace hf::rules {

class Reader {
 public:
  Reader(std::string_view text, const Names* names) : tokens_(tokens_of(text)), names_(names) {}
  std::expected<RuleText, Problem> read();

 private:
  // Each returns false once there is a problem; the first one stays.
  bool any(Node& out, size_t depth);
  bool all(Node& out, size_t depth);
  bool one(Node& out, size_t depth);
  bool joined(Node& out, size_t depth, std::string_view word, Node::Kind kind, bool (Reader::*part)(Node&, size_t));
  bool comparison(Comparison& out);
  bool measure(Comparison& out);
  bool service_level(Comparison& out);
  bool scope(Comparison& out);
  bool known_name(Comparison& out, const Token& at, size_t length);
  bool over(Comparison& out);
  bool sign(Op& out);
  bool amount(Comparison& out);
  bool number(Unit unit, double& out);
  bool usual(Comparison& out);
  bool time(Duration& out);
  bool clear(RuleText& out);
  bool ends(RuleText& out);
  bool wrong(std::string id, const Token& at, std::string suggestion = {});

  const Token& here() const { return tokens_[at_]; }
  bool is(std::string_view word) const { return (here().kind == TokenKind::word || here().kind == TokenKind::sign) && here().text == word; }
  bool take(std::string_view word);
  std::vector<std::string_view> known(bool queues, bool lines) const;

  std::vector<Token> tokens_;
  size_t at_ = 0;
  const Names* names_;
  size_t comparisons_ = 0;
  Whose any_ = Whose::before;
  Comparison first_;
  std::optional<Problem> problem_;
};

}  // namespace hf::rules
