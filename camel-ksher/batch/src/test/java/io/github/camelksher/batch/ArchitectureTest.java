/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.camelksher.batch.run.KsherCalls;
import org.junit.jupiter.api.Test;

/** The walls between the rooms. */
class ArchitectureTest {

    private static final String BATCH = "io.github.camelksher.batch";
    private static final String[] ROOMS = rooms("life", "input", "journal", "run", "report");
    private static final String[] SQL = {"java.sql..", "javax.sql..", "com.zaxxer..", "org.flywaydb.."};
    private static final String[] CAMEL = {"org.apache.camel..", "io.github.camelksher.component.."};
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BATCH);

    private static void mustNotTouch(String room, String... packages) {
        assertCanBeTouched(packages);
        noClasses()
                .that()
                .resideInAPackage(BATCH + "." + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(CLASSES);
    }

    /** Without this, a rule with a misspelled package could never fail. */
    private static void assertCanBeTouched(String... packages) {
        for (String name : packages) {
            PackageMatcher matcher = PackageMatcher.of(name);
            assertThat(CLASSES).as(name).anyMatch(c -> c.getDirectDependenciesFromSelf().stream()
                    .anyMatch(d -> matcher.matches(d.getTargetClass().getPackageName())));
        }
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
        mustNotTouch("life", CAMEL);
        mustNotTouch("life", SQL);
        mustNotTouch("life", "io.github.camelksher.client..", "java.util.concurrent..", "org.slf4j..", "java.io..");
    }

    @Test
    void theInputKnowsOnlyWhatAnOperationIs() {
        mustNotTouch("input", rooms("journal", "run", "report"));
        mustNotTouch("input", CAMEL);
    }

    @Test
    void onlyTheJournalKnowsSql() {
        for (String room : new String[] {"life", "input", "run", "report"}) {
            mustNotTouch(room, SQL);
        }
        noClasses()
                .that()
                .resideInAPackage(BATCH)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SQL)
                .check(CLASSES);
        mustNotTouch("journal", rooms("run", "report"));
        mustNotTouch("journal", CAMEL);
    }

    @Test
    void theReportIsMadeFromTheJournalAlone() {
        mustNotTouch("report", rooms("run", "input"));
        mustNotTouch("report", CAMEL);
        mustNotTouch("report", "io.github.camelksher.client..");
    }

    @Test
    void onlyTheRealCallsKnowCamel() {
        mustNotTouch("run", rooms("report"));
        noClasses()
                .that()
                .resideInAPackage(BATCH + ".run")
                .and()
                .doNotBelongToAnyOf(KsherCalls.class)
                .and()
                .doNotHaveSimpleName("Events")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CAMEL)
                .check(CLASSES);
    }

    @Test
    void noRoomKnowsTheWaysInAndOut() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOMS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BATCH)
                .check(CLASSES);
        assertThat(CLASSES.stream().map(JavaClass::getPackageName)).contains(ROOMS);
    }

    @Test
    void noRoomsKnowEachOther() {
        slices().matching(BATCH + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
