#include "hal/tap/confine.hpp"

#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <vector>

namespace hf::tap {

namespace {

std::unexpected<Error> broken(const char* what) {
  return fail(ErrorKind::io, std::string(what) + ": " + std::generic_category().message(errno));
}

// What a loop of poll, send and clock needs; glibc's memory and ends; connect for the agent that was restarted.
constexpr auto kAllowed = std::to_array<uint32_t>({
    __NR_read,         __NR_write,          __NR_sendto,          __NR_sendmsg,     __NR_close,
    __NR_ppoll,        __NR_clock_gettime,  __NR_clock_nanosleep, __NR_nanosleep,   __NR_connect,
    __NR_getsockopt,   __NR_setsockopt,     __NR_shutdown,        __NR_brk,         __NR_mmap,
    __NR_munmap,       __NR_mremap,         __NR_madvise,         __NR_futex,       __NR_getrandom,
    __NR_rt_sigreturn, __NR_rt_sigprocmask, __NR_restart_syscall, __NR_exit,        __NR_exit_group,
    __NR_getpid,       __NR_gettid,         __NR_tgkill,          __NR_sched_yield, __NR_fstat,
    __NR_writev,
#ifdef __NR_poll
    __NR_poll,
#endif
#ifdef __NR_newfstatat
    __NR_newfstatat,
#endif
});

#if defined(__x86_64__)
constexpr uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kMachine = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t kMachine = 0;
#endif

constexpr uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS, kEqual = BPF_JMP | BPF_JEQ | BPF_K, kReturn = BPF_RET | BPF_K;

std::vector<sock_filter> call_filter() {
  std::vector<sock_filter> code = {
      {kLoad, 0, 0, offsetof(seccomp_data, arch)},
      {kEqual, 1, 0, kMachine},
      {kReturn, 0, 0, SECCOMP_RET_KILL_PROCESS},
      {kLoad, 0, 0, offsetof(seccomp_data, nr)},
      {kEqual, 0, 4, __NR_socket},  // a socket to this machine alone
      {kLoad, 0, 0, offsetof(seccomp_data, args)},
      {kEqual, 0, 1, AF_UNIX},
      {kReturn, 0, 0, SECCOMP_RET_ALLOW},
      {kReturn, 0, 0, SECCOMP_RET_KILL_PROCESS},
  };
  for (const uint32_t call : kAllowed) {
    code.push_back({kEqual, 0, 1, call});
    code.push_back({kReturn, 0, 0, SECCOMP_RET_ALLOW});
  }
  code.push_back({kReturn, 0, 0, SECCOMP_RET_KILL_PROCESS});
  return code;
}

}  // namespace

Status become(const std::string& user) {
  if (user.empty()) return {};
  const passwd* who = ::getpwnam(user.c_str());
  if (who == nullptr) return fail(ErrorKind::not_found, "no user \"" + user + "\" on this machine");
  if (who->pw_uid == ::geteuid()) return {};
  if (::geteuid() != 0) return fail(ErrorKind::denied, "only root can become \"" + user + "\"");
  if (::initgroups(user.c_str(), who->pw_gid) != 0 || ::setgid(who->pw_gid) != 0 || ::setuid(who->pw_uid) != 0)
    return broken("cannot become another user");
  return {};
}

Status drop_capabilities() {
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability)
    (void)::prctl(PR_CAPBSET_DROP, capability, 0, 0,
                  0);  // without CAP_SETPCAP it cannot; then there is nothing to bound
  (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> none{};
  if (::syscall(SYS_capset, &header, none.data()) != 0) return broken("capabilities cannot be dropped");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return broken("new rights cannot be ruled out");
  return {};
}

Status allow_few_calls() {
  if (kMachine == 0) return fail(ErrorKind::unsupported, "no list of system calls is kept for this type of machine");
  std::vector<sock_filter> code = call_filter();
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
    return broken("system calls cannot be restricted");
  return {};
}

}  // namespace hf::tap
