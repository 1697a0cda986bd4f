/** The device {@code opencl}: the kernels of {@code dev.limpid.kernels}, compiled by an OpenCL driver and started through jocl. */
package dev.limpid.opencl;
