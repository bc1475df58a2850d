/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.quarkus.deployment;

import io.github.camelksher.client.SignVersion;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.reply.KsherReply;
import io.quarkus.deployment.GeneratedClassGizmoAdaptor;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import io.quarkus.deployment.builditem.ExtensionSslNativeSupportBuildItem;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.GeneratedClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourceBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.RuntimeInitializedClassBuildItem;
import io.quarkus.deployment.pkg.NativeConfig;
import io.quarkus.deployment.pkg.builditem.CurateOutcomeBuildItem;
import io.quarkus.gizmo.ClassCreator;
import io.quarkus.gizmo.MethodCreator;
import io.quarkus.gizmo.MethodDescriptor;
import io.quarkus.maven.dependency.ResolvedDependency;
import java.io.InputStream;
import java.util.stream.Stream;

/**
 * Names the feature, and tells a native build what it cannot find out by itself. Camel Quarkus does
 * the same for all that a component declares in {@code META-INF/services}: the component and its
 * configurers, the URI factory, the type converters.
 */
public class KsherProcessor {

    private static final String FEATURE = "camel-ksher";

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem(FEATURE);
    }

    /** Ksher's base URLs are https. */
    @BuildStep
    ExtensionSslNativeSupportBuildItem tls() {
        return new ExtensionSslNativeSupportBuildItem(FEATURE);
    }

    /**
     * The replies, with OrderState, are read reflectively by Simple ({@code ${body.result.open}})
     * and by Jackson ({@code marshal().json()}, also the private methods that are annotated); the
     * exceptions by Simple ({@code ${exception.retryable}}). Both packages hold nothing else. Their
     * enum and SignVersion are what Camel converts a text to.
     */
    @BuildStep
    ReflectiveClassBuildItem readReflectively(CombinedIndexBuildItem index) {
        String[] types = Stream.concat(
                        Stream.of(KsherReply.class, KsherException.class)
                                .flatMap(type -> index.getIndex().getClassesInPackage(type.getPackageName()).stream())
                                .map(type -> type.name().toString())
                                .filter(name -> !name.endsWith("package-info")),
                        Stream.of(SignVersion.class.getName()))
                .sorted()
                .toArray(String[]::new);
        return ReflectiveClassBuildItem.builder(types)
                .constructors(false)
                .methods()
                .fields()
                .reason("Simple and Jackson read the replies and exceptions of camel-ksher")
                .build();
    }

    @BuildStep
    NativeImageResourceBuildItem resources() {
        return new NativeImageResourceBuildItem(
                // Version reads it, for the header User-Agent.
                "io/github/camelksher/client/version.properties",
                // HttpClient's check of a certificate's host name reads the public suffixes.
                "org/publicsuffix/list/effective_tld_names.dat");
    }

    /** Quarkus initialises classes when it builds the image, where no seed of a SecureRandom may be. */
    @BuildStep
    void initialisedAtRunTime(BuildProducer<RuntimeInitializedClassBuildItem> classes) {
        // Makes a BouncyCastleProvider, of which nothing is to be in the image.
        Stream.of(
                        "io.github.camelksher.crypto.RsaKeys",
                        // Has a SecureRandom.
                        "org.apache.hc.client5.http.impl.auth.NTLMEngineImpl",
                        // Bouncy Castle's own randomness; one of them starts a thread.
                        "org.bouncycastle.crypto.CryptoServicesRegistrar",
                        "org.bouncycastle.jcajce.provider.drbg.DRBG",
                        "org.bouncycastle.jcajce.provider.drbg.DRBG$Default",
                        "org.bouncycastle.jcajce.provider.drbg.DRBG$NonceAndIV")
                .map(RuntimeInitializedClassBuildItem::new)
                .forEach(classes::produce);
    }

    /**
     * HttpClient names a class of an optional library for Brotli. A native build fails if a class
     * that is reachable is absent, so there is one that is never used: the component asks for gzip
     * only. If camel-quarkus-http is there, its support for HttpClient does the same.
     */
    @BuildStep
    void brotli(
            NativeConfig nativeImage,
            CurateOutcomeBuildItem application,
            BuildProducer<GeneratedClassBuildItem> classes) {
        boolean present = application.getApplicationModel().getRuntimeDependencies().stream()
                .map(ResolvedDependency::getKey)
                .anyMatch(key -> key.getGroupId().equals("org.brotli")
                        || key.getArtifactId().equals("camel-quarkus-support-httpclient5"));
        if (present || !nativeImage.enabled()) {
            return;
        }
        try (ClassCreator stream = ClassCreator.builder()
                .className("org.brotli.dec.BrotliInputStream")
                .superClass(InputStream.class)
                .classOutput(new GeneratedClassGizmoAdaptor(classes, false))
                .build()) {
            try (MethodCreator constructor = stream.getMethodCreator("<init>", void.class, InputStream.class)) {
                constructor.invokeSpecialMethod(
                        MethodDescriptor.ofConstructor(InputStream.class), constructor.getThis());
                constructor.returnVoid();
            }
            try (MethodCreator read = stream.getMethodCreator("read", int.class)) {
                read.throwException(UnsupportedOperationException.class, "org.brotli:dec is not there");
            }
        }
    }
}
