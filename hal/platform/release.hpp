// Which version of the sealed box runs. In: the system's os-release. Out: the version of its image; empty where the system is none of ours.
#pragma once

#include <string>

#include "hal/platform/files.hpp"

namespace hf {

std::string image_version(const Path& os_release = "/usr/lib/os-release");

}  // namespace hf
