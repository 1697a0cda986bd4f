package dev.limpid.tensor;

import java.util.Optional;

/**
 * The element-wise non-linearities of the supported models.
 *
 * <p>Sources: Hendrycks and Gimpel 2016 (arXiv 1606.08415) for both forms of GELU; the names are those of {@code hidden_act} in a
 * Hugging Face {@code config.json}.
 */
public enum Activation {
    /** {@code x·Φ(x) = x/2·(1 + erf(x/√2))}. */
    GELU,
    /** {@code x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))}. */
    GELU_TANH,
    /** {@code max(x, 0)}, with derivative 0 at 0 as PyTorch has it. */
    RELU,
    /** {@code tanh(x)}. */
    TANH;

    /** The activation a configuration names, or empty for a name that is not supported. */
    public static Optional<Activation> named(String hiddenAct) {
        return switch (hiddenAct) {
            case "gelu", "gelu_python" -> Optional.of(GELU);
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh" -> Optional.of(GELU_TANH);
            case "relu" -> Optional.of(RELU);
            case "tanh" -> Optional.of(TANH);
            default -> Optional.empty();
        };
    }
}
