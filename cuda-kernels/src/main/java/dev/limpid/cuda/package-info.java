/**
 * The device {@code cuda}: the kernels of {@link dev.limpid.kernels} compiled by NVRTC and started through NVIDIA's driver.
 *
 * <p>Only the driver's own functions (cu…) are used, beside NVRTC and cuBLASLt; {@code CudaProbe} asks for the driver before any class of the binding is
 * loaded, because those cannot be without it.
 */
package dev.limpid.cuda;
