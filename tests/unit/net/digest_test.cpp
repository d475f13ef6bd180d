#include "hal/net/digest.hpp"

#include <gtest/gtest.h>

#include "hal/platform/hex.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::net {
namespace {

TEST(Digest, sha256_agrees_with_fips_180_4) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, a_file_has_the_digest_of_its_bytes) {
  const test::TempFolder folder;
  const std::string bytes(700'001, 'x');  // several pieces
  ASSERT_TRUE(write_file(folder / "f", bytes));
  EXPECT_EQ(sha256_of_file(folder / "f").value(), sha256(bytes));
  EXPECT_EQ(sha256_of_file(folder / "none").error().kind, ErrorKind::not_found);
}

TEST(Digest, hmac_sha256_agrees_with_rfc_4231) {
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, hmac_of_an_empty_key_does_not_reuse_the_last_one) {
  const Sha256 empty = hmac_sha256("", "");
  EXPECT_EQ(to_hex(empty), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_NE(hmac_sha256("key", ""), empty);
  EXPECT_EQ(hmac_sha256({}, {}), empty);
}

TEST(Digest, md5_answers_an_ami_challenge) {
  const auto key = md5_hex("abc");  // RFC 1321, A.5
  ASSERT_TRUE(key) << key.error().what;
  EXPECT_EQ(*key, "900150983cd24fb0d6963f7d28e17f72");
}

TEST(Digest, constant_time_compare_sees_every_difference) {
  EXPECT_TRUE(equal_constant_time("token", "token"));
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_FALSE(equal_constant_time("token", "tokem"));
  EXPECT_FALSE(equal_constant_time("token", "toke"));
  EXPECT_FALSE(equal_constant_time("", "x"));
}

}  // namespace
}  // namespace hf::net
