#pragma once
#include <memory>

#include "admin/address.h"
#include "admin/request.h"
#include "errors/status.h"

namespace weir::host::admin {

/// An HTTP server on a thread of its own. The thread calls `handler` and nothing else of the host. [control]
class Server {
 public:
  /// Listens and serves from here on. Not OK: the address is taken, or is none of this machine's.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const Address& address, Handler handler);
  /// Cuts what is under way and waits for its thread.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Where it listens, with the port that port 0 became.
  [[nodiscard]] const Address& address() const;

 private:
  class Core;
  explicit Server(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace weir::host::admin
