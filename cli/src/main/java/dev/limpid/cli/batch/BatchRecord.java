package dev.limpid.cli.batch;

import java.util.Map;

/**
 * One input of many.
 *
 * @param line number of the line it begins on, from 1
 * @param fields the fields asked for, by name; empty where it has a problem
 * @param problem why it cannot be explained, in a sentence; or null
 */
record BatchRecord(long line, Map<String, String> fields, String problem) {
    static BatchRecord of(long line, Map<String, String> fields) {
        return new BatchRecord(line, fields, null);
    }

    static BatchRecord bad(long line, String problem) {
        return new BatchRecord(line, Map.of(), problem);
    }
}
