/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Finds and reads the files of a report. */
final class ReportFile {

    private ReportFile() {}

    /** The only report of a directory. */
    static Path find(Path directory) throws IOException {
        return find(directory, ".report.csv");
    }

    /** The only file of a directory with this end. */
    static Path find(Path directory, String end) throws IOException {
        try (var files = Files.list(directory)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(end)).toList();
            if (found.size() != 1) {
                throw new AssertionError("There is not one *" + end + " in " + directory + ": " + found);
            }
            return found.get(0);
        }
    }

    static List<CSVRecord> rows(Path report) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (CSVParser csv = CSVParser.parse(Files.readString(report), format)) {
            return csv.getRecords();
        }
    }
}
