/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The walls between the rooms. */
class ArchitectureTest {

    private static final String ROOT = "io.github.camelksher.simulator";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** From the bottom to the top: a room knows the rooms before it, and none after it. */
    private static final List<String> ROOMS = List.of("order", "protocol", "fault", "http", "face");

    /** Records that users name are in the package above; each belongs to one room. */
    private static final Map<String, String> RECORDS = Map.of(
            "KsherOrder", "order",
            "KsherOrderBuilder", "order",
            "Fault", "fault",
            "Faults", "fault",
            "CallRecord", "http",
            "Notification", "http");

    private static boolean isOurs(JavaClass type) {
        return type.getBaseComponentType().getPackageName().startsWith(ROOT);
    }

    private static String room(JavaClass array) {
        JavaClass type = array.getBaseComponentType();
        if (!type.getPackageName().equals(ROOT)) {
            return type.getPackageName().substring(ROOT.length() + 1);
        }
        String name = type.getName().substring(ROOT.length() + 1);
        return RECORDS.getOrDefault(name.replaceAll("\\$.*", ""), "face");
    }

    @Test
    void roomsLookDownOnly() {
        for (JavaClass type : CLASSES) {
            assertThat(ROOMS).contains(room(type));
            assertThat(type.getDirectDependenciesFromSelf())
                    .filteredOn(dependency -> isOurs(dependency.getTargetClass()))
                    .allMatch(dependency -> isDown(dependency));
        }
    }

    private static boolean isDown(Dependency dependency) {
        return ROOMS.indexOf(room(dependency.getTargetClass())) <= ROOMS.indexOf(room(dependency.getOriginClass()));
    }

    @Test
    void noRoomsNeedEachOther() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return isOurs(type) ? SliceIdentifier.of(room(type)) : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "the rooms";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void sharesNoCodeWithTheComponent() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.github.camelksher..").and(not(resideInAPackage(ROOT + ".."))))
                .orShould()
                .dependOnClassesThat(resideInAPackage("org.apache.camel.."))
                .check(CLASSES);
    }

    @Test
    void onlyHttpKnowsJettyAndOnlyProtocolKnowsKeys() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".http")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.jetty..", "java.net.http..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".protocol")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bouncycastle..")
                .check(CLASSES);
    }
}
