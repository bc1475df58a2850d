/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls between the rooms. */
class ArchitectureTest {

    private static final String BATCH = "io.github.camelksher.batch";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BATCH);

    private static void mustNotTouch(String room, String... packages) {
        noClasses()
                .that()
                .resideInAPackage(BATCH + "." + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(CLASSES);
    }

    private static String[] rooms(String... rooms) {
        String[] packages = rooms.clone();
        for (int i = 0; i < packages.length; i++) {
            packages[i] = BATCH + "." + rooms[i];
        }
        return packages;
    }

    @Test
    void anOrdersLifeKnowsNothingElse() {
        mustNotTouch("life", rooms("input", "journal", "run", "report"));
        mustNotTouch(
                "life", "org.apache.camel..", "java.sql..", "io.github.camelksher.client..", "java.util.concurrent..");
    }

    @Test
    void theInputKnowsOnlyWhatAnOperationIs() {
        mustNotTouch("input", rooms("journal", "run", "report"));
        mustNotTouch("input", "org.apache.camel..", "java.sql..");
    }

    @Test
    void onlyTheJournalKnowsSql() {
        for (String room : new String[] {"life", "input", "run", "report"}) {
            mustNotTouch(room, "java.sql..", "javax.sql..", "com.zaxxer..", "org.flywaydb..");
        }
        mustNotTouch("journal", rooms("run", "report"));
        mustNotTouch("journal", "org.apache.camel..");
    }

    @Test
    void theReportIsMadeFromTheJournalAlone() {
        mustNotTouch("report", rooms("run", "input"));
        mustNotTouch(
                "report", "org.apache.camel..", "io.github.camelksher.client..", "io.github.camelksher.component..");
    }
}
