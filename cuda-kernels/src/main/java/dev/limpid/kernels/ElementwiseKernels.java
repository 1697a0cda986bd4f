package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;

/** The kernels of {@code elementwise.cl.cu}, over n elements: the grid is n over four times the size of a group. */
interface ElementwiseKernels {
    /** {@code x = value} everywhere. */
    void fillFloats(Grid groups, @Out Floats x, float value, long n);

    /** {@code x = value} everywhere. */
    void fillStored(Grid groups, @Out Stored x, float value, long n);

    /** {@code y = x}. */
    void widen(Grid groups, Stored x, @Out Floats y, long n);

    /** {@code y = x}, rounded. */
    void narrow(Grid groups, Floats x, @Out Stored y, long n);

    /** {@code y = y + x}. */
    void addStored(Grid groups, Stored x, @Out Stored y, long n);

    /** {@code y = y + x}. */
    void addFloats(Grid groups, Floats x, @Out Floats y, long n);

    /** {@code y = f(x)}, f the activation that the prelude numbers so. */
    void activationFwd(Grid groups, Stored x, @Out Stored y, int kind, long n);

    /** {@code dX = dY·f′(x)}; {@code dX} may be {@code dY}. */
    void activationBwdInput(Grid groups, Stored dY, Stored x, @Out Stored dX, int kind, long n);
}
