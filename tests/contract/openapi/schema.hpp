// The part of JSON Schema 2020-12 that openapi.yaml uses. A keyword that is not known here is a fault, so that nothing is silently not checked.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace hf::contract {

// openapi.yaml as JSON; throws yaml-cpp's exceptions when it is none.
boost::json::value read_yaml(const std::string& path);

class Schema {
 public:
  explicit Schema(const boost::json::value& document) : document_(document) {}
  // Each fault as "$.incidents[0].onset: ...".
  std::vector<std::string> faults(const boost::json::value& schema, const boost::json::value& value);
  const boost::json::value& resolve(const boost::json::value& schema) const;  // follows $ref

 private:
  void check(const boost::json::object& schema, const boost::json::value& value, const std::string& at);
  void check_type(const boost::json::value& type, const boost::json::value& value, const std::string& at);
  void check_object(const boost::json::object& schema, const boost::json::object& value, const std::string& at);
  void check_array(const boost::json::object& schema, const boost::json::array& value, const std::string& at);
  void check_text(const boost::json::object& schema, const std::string& value, const std::string& at);
  void check_number(const boost::json::object& schema, double value, const std::string& at);
  void fault(const std::string& at, const std::string& what) { faults_.push_back(at + ": " + what); }

  const boost::json::value& document_;
  std::vector<std::string> faults_;
};

}  // namespace hf::contract
