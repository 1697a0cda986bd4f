package dev.limpid.cli;

import dev.limpid.attribution.explain.InputException;
import dev.limpid.cli.batch.BatchException;
import dev.limpid.nn.ModelException;
import dev.limpid.safetensors.SafetensorsException;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tokenizer.TokenizerException;
import dev.limpid.vit.image.ImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns an exception into one sentence on the error stream and an exit status. */
final class ErrorReport {
    /** Limpid is at fault. */
    static final int INTERNAL = 1;
    /** The call or the input is at fault. */
    static final int USAGE = 2;

    private final Terminal terminal;
    private final BooleanSupplier debug;

    ErrorReport(Terminal terminal, BooleanSupplier debug) {
        this.terminal = terminal;
        this.debug = debug;
    }

    /** Reports it and returns the exit status. */
    int report(Throwable e) {
        String sentence = sentence(e);
        if (debug.getAsBoolean()) {
            e.printStackTrace(terminal.err());
        }
        if (sentence == null) {
            terminal.err().println("limpid: internal error: " + oneLine(e.toString())
                    + (debug.getAsBoolean()
                            ? "; please report it with the trace above"
                            : "; please report it with the output of the same command and --debug"));
            return INTERNAL;
        }
        terminal.err().println("limpid: " + oneLine(sentence));
        return USAGE;
    }

    /** What the user can do something about; null for the rest. */
    private static String sentence(Throwable e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched);
            case ParameterException parameter -> lowerFirst(parameter.getMessage()) + "; "
                    + helpCommand(parameter) + " lists the options";
            case UsageException _,BatchException _,InputException _,ImageException _,ModelException _,SafetensorsException _,TokenizerException _,DeviceException _ ->
                e.getMessage();
            case IOException io -> "a file cannot be read or written: " + io.getMessage() + ": " + FileProblem.of(io);
            case UncheckedIOException unchecked -> sentence(unchecked.getCause());
            case OutOfMemoryError _ -> "the memory does not suffice (Java may use "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB); allow more with java -Xmx, or take smaller steps with --internal-batch-size 1";
            default -> null;
        };
    }

    private static String unmatched(UnmatchedArgumentException e) {
        String argument = e.getUnmatched().getFirst();
        String what = argument.startsWith("-") ? "option" : "argument";
        List<String> suggestions = e.getSuggestions();
        String remedy = suggestions.isEmpty() ? "" : "did you mean " + String.join(" or ", suggestions) + "? ";
        return "unknown " + what + " '" + argument + "'; " + remedy + helpCommand(e) + " lists the options";
    }

    private static String helpCommand(ParameterException e) {
        return "'" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'";
    }

    /** As it stands after {@code limpid:}. */
    static String lowerFirst(String sentence) {
        return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
