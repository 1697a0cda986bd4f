package dev.limpid.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, giving them the terminal they write to. */
record Commands(Terminal terminal) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
        if (type == QaCommand.class) {
            return type.cast(new QaCommand(terminal));
        }
        if (type == ImageCommand.class) {
            return type.cast(new ImageCommand(terminal));
        }
        if (type == AttentionCommand.class) {
            return type.cast(new AttentionCommand(terminal));
        }
        if (type == TokenizeCommand.class) {
            return type.cast(new TokenizeCommand(terminal));
        }
        if (type == DevicesCommand.class) {
            return type.cast(new DevicesCommand(terminal));
        }
        return CommandLine.defaultFactory().create(type);
    }
}
