// The door for connectors: the token of the settings, and the source that takes what they post.
#pragma once

#include "agent/web/intake.hpp"
#include "hal/pbx/intake_source.hpp"
#include "hal/platform/secret.hpp"

namespace hf::app {

class AppIntake final : public web::Intake {
 public:
  AppIntake(pbx::IntakeSource& source, Secret token) : source_(source), token_(std::move(token)) {}
  bool admits(std::string_view token) const override;
  Result<web::IntakeAnswer> take(std::string_view lines) override;

 private:
  pbx::IntakeSource& source_;
  const Secret token_;
};

}  // namespace hf::app
