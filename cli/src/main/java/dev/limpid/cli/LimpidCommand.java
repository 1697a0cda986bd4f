package dev.limpid.cli;

import dev.limpid.tensor.Device;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code limpid} command: what is common to its subcommands, and what becomes of their exceptions. */
@Command(name = "limpid", mixinStandardHelpOptions = true, versionProvider = Version.class, synopsisSubcommandLabel = "COMMAND", description = "Shows what a BERT or ViT model saw: which words or pixels of its input an answer rests on.", optionListHeading = "%nOptions:%n", commandListHeading = "%nCommands:%n", footerHeading = "%nExamples:%n", footer = {
        "  limpid qa                                    explain the built-in example",
        "  limpid classify --text \"A wonderful film.\" --words",
        "  limpid image --image photo.jpg --html page.html",
        "  limpid explain --model my-model --text \"…\"      whatever the model is for",
        "  limpid qa --question \"Who wrote it?\" --context-file page.txt --html page.html",
        "  limpid tokenize --text \"Natural language\"",
        "  limpid help qa                               all options of a command"})
public final class LimpidCommand implements Runnable {
    private static final Set<String> EXPLAINING = Set.of("qa", "classify", "pair", "multilabel", "zero-shot", "ner",
            "fill-mask", "similarity", "image", "attention", "explain");

    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean debug;

    private LimpidCommand() {}

    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true"); // images are read and drawn, never shown
        if (args.length > 0 && EXPLAINING.contains(args[0])) {
            Device.prepare("cpu"); // takes a second, of which a fifth passes before the options are read
        }
        System.exit(run(Terminal.standard(), args));
    }

    /** Runs a command; returns the exit status. */
    static int run(Terminal terminal, String... args) {
        LimpidCommand limpid = new LimpidCommand();
        CommandLine line = new CommandLine(limpid, new Commands(terminal));
        Commands.meantBy(args).forEach(line::addSubcommand);
        ErrorReport errors = new ErrorReport(terminal, () -> limpid.debug);
        line.setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()));
        line.setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(Math.max(80, terminal.width()));
        line.setUsageHelpAutoWidth(false);
        line.registerConverter(Double.class, LimpidCommand::number);
        line.setParameterExceptionHandler((e, _) -> errors.report(e));
        line.setExecutionExceptionHandler((e, _, _) -> errors.report(e));
        try {
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            return errors.report(e);
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a number");
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
