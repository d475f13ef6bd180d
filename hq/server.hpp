// HQ as one object: store, access, the page's server and the sites' server. In: settings. Out: a running HQ that stops
// when it goes. The only place here that knows every part.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "agent/access/access.hpp"
#include "agent/http/https_server.hpp"
#include "agent/settings/settings.hpp"
#include "hal/platform/executor.hpp"
#include "hal/platform/files.hpp"
#include "hq/enrolment.hpp"
#include "hq/page.hpp"
#include "hq/store.hpp"

namespace hf::hq {

class Server {
 public:
  // Makes the state folder, CA and certificates when they are not there. busy: another HQ runs on the folder, or a port
  // is taken.
  static Result<std::unique_ptr<Server>> start(const settings::HqSettings& settings,
                                               std::span<const http::Asset> assets, std::string version, Clock& clock,
                                               Random& random);
  ~Server();  // stop()

  std::string page_address() const;    // "https://127.0.0.1:8444/"
  std::string ingest_address() const;  // "https://localhost:8445"
  uint16_t page_port() const { return page_server_->port(); }
  uint16_t ingest_port() const { return ingest_server_->port(); }
  Result<std::string> page_fingerprint() const;  // of the page's certificate, for people
  // A new one-time code while there is no user; unset afterwards.
  const std::optional<std::string>& setup_code() const { return setup_code_; }

  void forget_old();  // retention; about once an hour
  // systemd's watchdog gets its beat only after the worker of sites and page has read the database.
  void beat();
  void stop();

 private:
  Server(const settings::HqSettings& settings, FolderLock lock, Store store, Offers offers, net::Identity page_identity,
         std::string version, Clock& clock);
  Status open_access(Random& random);
  Status listen(net::Identity ingest_identity, std::string ca, std::span<const http::Asset> assets);

  const settings::HqSettings settings_;
  Clock& clock_;
  FolderLock lock_;
  const std::string version_;
  net::Identity page_identity_;
  Store store_;
  Offers offers_;
  Workers home_{1, 256};
  Workers hashing_{2, 16};
  std::unique_ptr<access::Access> access_;
  std::unique_ptr<Page> page_;
  std::optional<std::string> setup_code_;
  std::unique_ptr<http::HttpsServer> page_server_, ingest_server_;
};

// Where things lie in the state folder.
Path database_file(const Path& state_dir);

}  // namespace hf::hq
