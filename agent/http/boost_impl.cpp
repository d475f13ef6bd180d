// The parts of Asio and Beast that need not be compiled in every file (the *_SEPARATE_COMPILATION definitions of
// hf_flags).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
