#include "agent/app/app_intake.hpp"

#include "hal/net/digest.hpp"

namespace hf::app {

bool AppIntake::admits(std::string_view token) const { return !token_.empty() && net::equal_constant_time(token, token_.reveal()); }

Result<web::IntakeAnswer> AppIntake::take(std::string_view lines) {
  auto taken = source_.take(lines);
  if (!taken) return fail(std::move(taken.error()));
  web::IntakeAnswer answer;
  answer.accepted = taken->accepted, answer.duplicates = taken->duplicates, answer.refused_in_all = taken->refused_in_all;
  answer.refused.reserve(taken->refused.size());
  for (auto& [line, problem] : taken->refused) answer.refused.push_back({line, std::move(problem)});
  return answer;
}

}  // namespace hf::app
