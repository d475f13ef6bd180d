// A test's folder with files in it, plain or gzipped.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "tests/support/temp_folder.hpp"

namespace hf::pbx {

class TempFolder : public test::TempFolder {
 public:
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    std::ofstream(path() / name, std::ios::binary) << content;
    return path() / name;
  }
  std::filesystem::path write_gz(const std::string& name, const std::string& content) const {
    gzFile file = gzopen((path() / name).c_str(), "wb");
    EXPECT_EQ(gzwrite(file, content.data(), static_cast<unsigned>(content.size())), static_cast<int>(content.size()));
    gzclose(file);
    return path() / name;
  }
};

}  // namespace hf::pbx
