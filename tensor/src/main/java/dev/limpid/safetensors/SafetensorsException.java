package dev.limpid.safetensors;

import java.util.Objects;

/**
 * Says in one sentence why a checkpoint, a tensor or an adapter cannot be used: the file, the tensor, what was expected
 * and what was found.
 */
public final class SafetensorsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** One name per rule that a file can break. */
    public enum Reason {
        /** The file or directory does not exist. */
        NOT_FOUND,
        /** The operating system refused to read or write it. */
        IO,
        /** The file was closed before this call. */
        CLOSED,
        /** Fewer than the 8 bytes that hold the header's length. */
        FILE_TOO_SHORT,
        /** The header is longer than 100,000,000 bytes. */
        HEADER_TOO_LARGE,
        /** The header's length points past the end of the file. */
        HEADER_PAST_END,
        /** The header is not UTF-8. */
        HEADER_NOT_UTF8,
        /** The header does not begin with an opening brace. */
        HEADER_START,
        /** The header is not JSON of the form the format prescribes. */
        HEADER_JSON,
        /** A key appears twice in one JSON object. */
        DUPLICATE_KEY,
        /** A tensor's description lacks {@code dtype}, {@code shape} or {@code data_offsets}. */
        MISSING_FIELD,
        /** A tensor's description has a field that the format does not define. */
        UNKNOWN_FIELD,
        /** An element type outside of {@link dev.limpid.tensor.DType}. */
        UNKNOWN_DTYPE,
        /** A dimension or an offset that is negative, fractional, or beyond 2^63. */
        BAD_NUMBER,
        /** {@code __metadata__} is not an object of strings. */
        BAD_METADATA,
        /** A tensor ends before it begins. */
        OFFSETS_REVERSED,
        /** Two tensors share bytes. */
        OFFSETS_OVERLAP,
        /** Bytes between two tensors, or before the first, belong to none. */
        OFFSETS_GAP,
        /** Shape times element size exceeds 2^63 bytes. */
        SIZE_OVERFLOW,
        /** Shape times element size differs from the byte range. */
        SIZE_MISMATCH,
        /** The data ends before the last tensor does. */
        DATA_TRUNCATED,
        /** The file goes on after its last tensor. */
        TRAILING_BYTES,
        /** No tensor of that name. */
        NO_SUCH_TENSOR,
        /** The tensor's element type cannot be read, or written, as asked. */
        WRONG_DTYPE,
        /** The tensor's shape is not the one the model needs. */
        WRONG_SHAPE,
        /** More elements than a Java array holds. */
        TOO_MANY_ELEMENTS,
        /** A weight is NaN or infinite. */
        NOT_FINITE,
        /** A number does not fit the element type it is to be written as. */
        OUT_OF_RANGE,
        /** The directory holds no safetensors checkpoint. */
        NOT_A_CHECKPOINT,
        /** {@code model.safetensors.index.json} breaks a rule. */
        BAD_INDEX,
        /** A shard that the index names does not exist. */
        MISSING_SHARD,
        /** A tensor appears in two shards. */
        DUPLICATE_TENSOR,
        /** {@code adapter_config.json} cannot be understood. */
        BAD_ADAPTER_CONFIG,
        /** The adapter uses a feature that is not implemented. */
        UNSUPPORTED_ADAPTER,
        /** A tensor of the adapter has no place in the model, or one that it needs is absent. */
        ADAPTER_MISMATCH
    }

    private final Reason reason;

    public SafetensorsException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    public SafetensorsException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason);
    }

    /** The rule that was broken. */
    public Reason reason() {
        return reason;
    }
}
