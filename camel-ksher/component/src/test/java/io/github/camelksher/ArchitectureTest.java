/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls between the rooms: what each of them may touch. */
class ArchitectureTest {

    private static final String ROOT = "io.github.camelksher.";
    private static final String[] ROOMS = Stream.of("component", "client", "reply", "wire", "crypto", "http", "error")
            .map(ROOT::concat)
            .toArray(String[]::new);
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // In ../compat the tests are in a jar.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(ROOMS);

    /** Beside itself, the basic packages of Java and jspecify. */
    private static void mayTouch(String room, DescribedPredicate<JavaClass> others) {
        classes()
                .that()
                .resideInAPackage(ROOT + room)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                ROOT + room,
                                "java.lang..",
                                "java.util",
                                "java.util.function",
                                "java.util.regex",
                                "java.util.stream",
                                "java.util.concurrent..",
                                "java.io",
                                "java.nio.charset",
                                "org.jspecify..")
                        .or(others))
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> rooms(String... names) {
        return resideInAnyPackage(Stream.of(names).map(ROOT::concat).toArray(String[]::new));
    }

    /** A class and its nested classes. */
    private static DescribedPredicate<JavaClass> named(String name) {
        return DescribedPredicate.describe(
                name, type -> type.getName().replaceAll("\\$.*", "").equals(name));
    }

    @Test
    void componentKnowsCamelButNeitherJsonNorHttpNorSignatures() {
        mayTouch(
                "component",
                rooms("client", "reply", "error", "http")
                        .or(resideInAnyPackage("org.apache.camel..", "org.slf4j"))
                        // The types of options and of header values.
                        .or(resideInAnyPackage(
                                "java.math",
                                "java.net",
                                "java.nio..",
                                "java.time",
                                "javax.net.ssl",
                                "javax.xml.transform",
                                "org.w3c.dom")));
    }

    @Test
    void clientKnowsNeitherJsonNorCamelNorHttp() {
        mayTouch(
                "client",
                rooms("wire", "crypto", "reply", "error")
                        .or(named(ROOT + "http.Transport"))
                        .or(resideInAnyPackage("java.time..", "java.security..", "javax.net.ssl")));
    }

    @Test
    void repliesAreMadeOfVerifiedDataOnly() {
        mayTouch(
                "reply",
                named(ROOT + "wire.VerifiedData")
                        .or(resideInAnyPackage("com.fasterxml.jackson.annotation", "java.math", "java.time..")));
    }

    @Test
    void wireKnowsStreamingJsonAndVerifiersButNeitherTimeNorHttp() {
        mayTouch(
                "wire",
                rooms("crypto")
                        .or(resideInAPackage("com.fasterxml.jackson.core.."))
                        .or(named("java.net.URLEncoder")));
    }

    @Test
    void onlyAnEnvelopeMakesVerifiedData() {
        noClasses()
                .that(not(named(ROOT + "wire.Envelope")))
                .should()
                .callConstructorWhere(DescribedPredicate.describe(
                        "it makes VerifiedData",
                        call -> call.getTargetOwner().getName().equals(ROOT + "wire.VerifiedData")))
                .check(CLASSES);
    }

    @Test
    void cryptoKnowsNothingButKeys() {
        mayTouch("crypto", resideInAnyPackage("java.security..", "java.math", "org.bouncycastle.."));
    }

    @Test
    void httpKnowsNothingOfKsher() {
        mayTouch(
                "http",
                resideInAnyPackage(
                        "org.apache.camel..",
                        "org.apache.hc..",
                        "java.net",
                        "java.nio..",
                        "java.time..",
                        "java.util.zip",
                        "javax.net.ssl"));
    }

    @Test
    void errorsKnowNothingButCamelsException() {
        mayTouch("error", named("org.apache.camel.RuntimeCamelException").or(named("java.time.Duration")));
    }

    @Test
    void onlyTheComponentRoomKnowsExchanges() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "component")
                .should()
                .dependOnClassesThat(type(org.apache.camel.Exchange.class).or(type(org.apache.camel.Message.class)))
                .check(CLASSES);
    }

    @Test
    void noRoomsNeedEachOther() {
        slices().matching(ROOT + "(*)").should().beFreeOfCycles().check(CLASSES);
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
}
