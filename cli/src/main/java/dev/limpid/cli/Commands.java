package dev.limpid.cli;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, giving them the terminal they write to. */
record Commands(Terminal terminal) implements IFactory {
    /** In the order of the help. */
    private static final List<Named> ALL = List.of(
            new Named("qa", QaCommand.class, QaCommand::new),
            new Named("classify", ClassifyCommand.class, ClassifyCommand::new),
            new Named("pair", PairCommand.class, PairCommand::new),
            new Named("multilabel", MultiLabelCommand.class, MultiLabelCommand::new),
            new Named("zero-shot", ZeroShotCommand.class, ZeroShotCommand::new),
            new Named("ner", NerCommand.class, NerCommand::new),
            new Named("fill-mask", FillMaskCommand.class, FillMaskCommand::new),
            new Named("similarity", SimilarityCommand.class, SimilarityCommand::new),
            new Named("image", ImageCommand.class, ImageCommand::new),
            new Named("attention", AttentionCommand.class, AttentionCommand::new),
            new Named("explain", ExplainCommand.class, ExplainCommand::new),
            new Named("tokenize", TokenizeCommand.class, TokenizeCommand::new),
            new Named("devices", DevicesCommand.class, DevicesCommand::new),
            new Named("help", CommandLine.HelpCommand.class, _ -> new CommandLine.HelpCommand()));

    private record Named(String name, Class<?> type, Function<Terminal, Object> maker) {}

    /**
     * The commands that arguments can be about: where the first names one that is not {@code help}, that one, else all. The options of a command are found by
     * reflection, which for all of them together takes a tenth of a second.
     */
    static List<Class<?>> meantBy(String... args) {
        List<Class<?>> meant = types(ALL.stream()
                .filter(command -> args.length > 0 && command.name.equals(args[0]) && !args[0].equals("help")));
        return meant.isEmpty() ? types(ALL.stream()) : meant;
    }

    private static List<Class<?>> types(Stream<Named> commands) {
        return commands.<Class<?>>map(Named::type).toList();
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        for (Named command : ALL) {
            if (command.type == type) {
                return type.cast(command.maker.apply(terminal));
            }
        }
        return CommandLine.defaultFactory().create(type);
    }
}
