# arm64, by Debian's cross compiler against build/sysroot-arm64 (cross/sysroot arm64). Another target is one more file like this.
set(HF_CROSS_ARCH arm64)
set(HF_CROSS_TRIPLE aarch64-linux-gnu)
set(HF_CROSS_PROCESSOR aarch64)
set(HF_CROSS_MACHINE AArch64)
include(${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
