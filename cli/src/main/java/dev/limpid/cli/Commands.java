package dev.limpid.cli;

import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, giving them the terminal they write to. */
record Commands(Terminal terminal) implements IFactory {
    private static final Map<Class<?>, Function<Terminal, Object>> MAKERS = Map.ofEntries(
            Map.entry(QaCommand.class, QaCommand::new),
            Map.entry(ClassifyCommand.class, ClassifyCommand::new),
            Map.entry(PairCommand.class, PairCommand::new),
            Map.entry(MultiLabelCommand.class, MultiLabelCommand::new),
            Map.entry(ZeroShotCommand.class, ZeroShotCommand::new),
            Map.entry(NerCommand.class, NerCommand::new),
            Map.entry(FillMaskCommand.class, FillMaskCommand::new),
            Map.entry(SimilarityCommand.class, SimilarityCommand::new),
            Map.entry(ImageCommand.class, ImageCommand::new),
            Map.entry(AttentionCommand.class, AttentionCommand::new),
            Map.entry(ExplainCommand.class, ExplainCommand::new),
            Map.entry(TokenizeCommand.class, TokenizeCommand::new),
            Map.entry(DevicesCommand.class, DevicesCommand::new));

    @Override
    public <K> K create(Class<K> type) throws Exception {
        Function<Terminal, Object> maker = MAKERS.get(type);
        return maker == null ? CommandLine.defaultFactory().create(type) : type.cast(maker.apply(terminal));
    }
}
