// Rules and what belongs to them: forms in, JSON out. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "agent/web/exchange.hpp"
#include "agent/web/rules_backend.hpp"

namespace hf::web {

boost::json::object to_json(const RuleView& view);
boost::json::object to_json(const RuleList& list);
boost::json::object to_json(const FiringView& view);
boost::json::object to_json(const TextCheck& check);
boost::json::object to_json(const BacktestView& view);
boost::json::object to_json(const HypothesisView& view);
boost::json::object to_json(const ChangeView& view);

// Lengths, ranges and closed words; texts of rules are read by the backend, which knows the names.
std::optional<BadField> read_rule(const boost::json::object& body, rules::Rule& rule);
std::optional<BadField> read_snooze(const boost::json::object& body, std::optional<Duration>& time);
std::optional<BadField> read_text_form(const boost::json::object& body, std::string& text);
std::optional<BadField> read_backtest(const boost::json::object& body, BacktestRange& range);
std::optional<BadField> read_hypothesis(const boost::json::object& body, rules::Hypothesis& hypothesis);
std::optional<BadField> read_change(const boost::json::object& body, rules::DeclaredChange& change);

}  // namespace hf::web
