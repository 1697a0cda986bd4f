package dev.limpid.cli.batch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A file of inputs, read record by record; what is wrong with one record says nothing of the next. */
interface BatchInput extends AutoCloseable {
    /** The next record, or null at the end of the file. */
    BatchRecord next() throws IOException;

    @Override
    void close() throws IOException;

    /**
     * Opens a file of the kind its name ends in: {@code .jsonl} (or {@code .ndjson}), an object a line; {@code .csv}, whose first line names the columns;
     * {@code .txt}, a text a line.
     *
     * @param fields the fields every record must have
     * @throws BatchException if it cannot be read, is of no such kind, or cannot hold these fields
     */
    static BatchInput open(Path file, List<String> fields) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        if (!List.of("jsonl", "ndjson", "csv", "txt").contains(ending)) {
            throw new BatchException(
                    "--input " + file + " ends in none of .jsonl, .csv and .txt, which say what kind of"
                            + " file it is; rename it");
        }
        if (ending.equals("txt") && fields.size() > 1) {
            throw new BatchException("--input " + file + " has one text a line, but " + String.join(" and ", fields)
                    + " are needed; give a .jsonl or .csv file, or all but one of them as options");
        }
        try {
            NumberedLines lines = new NumberedLines(new BufferedInputStream(Files.newInputStream(file)));
            return switch (ending) {
                case "txt" -> new TextLines(lines, fields.getFirst());
                case "csv" -> CsvRecords.open(file, lines, fields);
                default -> new JsonLines(lines, fields);
            };
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** What is told of a file that cannot be read. */
    static BatchException unreadable(Path file, IOException e) {
        if (Files.isDirectory(file)) {
            return new BatchException("--input " + file + " is a folder; name a file", e);
        }
        String problem = e instanceof NoSuchFileException ? "it does not exist; check the name" : e.getMessage();
        return new BatchException("--input " + file + " cannot be read: " + problem, e);
    }
}
