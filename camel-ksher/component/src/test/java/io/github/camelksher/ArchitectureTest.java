/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** The walls between the rooms. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // In ../compat the tests are a jar too.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(
                    "io.github.camelksher.component",
                    "io.github.camelksher.client",
                    "io.github.camelksher.reply",
                    "io.github.camelksher.wire",
                    "io.github.camelksher.crypto",
                    "io.github.camelksher.http",
                    "io.github.camelksher.error");

    private static final String ROOT = "io.github.camelksher.";

    @Test
    void roomsLookDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("component")
                .definedBy(ROOT + "component")
                .layer("client")
                .definedBy(ROOT + "client")
                .layer("reply")
                .definedBy(ROOT + "reply")
                .layer("wire")
                .definedBy(ROOT + "wire")
                .layer("crypto")
                .definedBy(ROOT + "crypto")
                .layer("http")
                .definedBy(ROOT + "http")
                .layer("error")
                .definedBy(ROOT + "error")
                .whereLayer("component")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("client")
                .mayOnlyBeAccessedByLayers("component")
                .whereLayer("reply")
                .mayOnlyBeAccessedByLayers("component", "client")
                .whereLayer("wire")
                .mayOnlyBeAccessedByLayers("client", "reply")
                .whereLayer("crypto")
                .mayOnlyBeAccessedByLayers("client", "wire")
                .whereLayer("http")
                .mayOnlyBeAccessedByLayers("component", "client")
                .check(CLASSES);
    }

    @Test
    void clientKnowsNeitherCamelNorHttpNorJson() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "client")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache..", "com.fasterxml..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "client")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "http").and(not(nameMatching(".*\\.Transport(\\$.*)?"))))
                .check(CLASSES);
    }

    @Test
    void httpIsALeafThatKnowsNothingOfKsher() {
        classes()
                .that()
                .resideInAPackage(ROOT + "http")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        ROOT + "http",
                        "org.apache.camel..",
                        "org.apache.hc..",
                        "java..",
                        "javax.net.ssl..",
                        "org.jspecify.."))
                .check(CLASSES);
    }

    @Test
    void noClassesOfHttpNeedEachOther() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return type.getPackageName().equals(ROOT + "http")
                                ? SliceIdentifier.of(type.getName().replaceAll("\\$.*", ""))
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "the classes of http";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void componentKnowsNeitherJsonNorSignatures() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "component")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..", "java.security..", "org.bouncycastle..", "org.apache.hc..")
                .check(CLASSES);
    }

    @Test
    void wireKnowsNothingButStreamingJsonAndCrypto() {
        classes()
                .that()
                .resideInAPackage(ROOT + "wire")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        ROOT + "wire", ROOT + "crypto", "com.fasterxml.jackson.core..", "java..", "org.jspecify.."))
                .check(CLASSES);
    }

    @Test
    void cryptoKnowsNothingButKeys() {
        classes()
                .that()
                .resideInAPackage(ROOT + "crypto")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(ROOT + "crypto", "org.bouncycastle..", "java..", "org.jspecify.."))
                .check(CLASSES);
    }

    @Test
    void repliesAreMadeOfVerifiedDataOnly() {
        classes()
                .that()
                .resideInAPackage(ROOT + "reply")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        ROOT + "reply", ROOT + "wire", "com.fasterxml.jackson.annotation", "java..", "org.jspecify.."))
                .check(CLASSES);
    }

    @Test
    void errorsAreALeaf() {
        classes()
                .that()
                .resideInAPackage(ROOT + "error")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(ROOT + "error", "org.apache.camel", "java..", "org.jspecify.."))
                .check(CLASSES);
    }
}
