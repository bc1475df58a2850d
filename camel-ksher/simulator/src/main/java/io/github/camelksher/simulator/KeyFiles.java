/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.protocol.KsherKeys;
import io.github.camelksher.simulator.protocol.RsaPem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;

/**
 * The private keys of a simulator that is started again and again, in a folder:
 * {@code merchant.pem} for whoever calls it, {@code ksher-v1.pem} and {@code ksher-v2.pem} for
 * itself.
 */
record KeyFiles(Path folder) {

    static final String MERCHANT = "merchant.pem";
    static final String V1_PUBLIC = "ksher-v1-public.pem";
    static final String V2_PUBLIC = "ksher-v2-public.pem";

    String merchant() throws IOException {
        return read(MERCHANT, 1024);
    }

    /** The key of one more merchant. */
    String merchant(String appId) throws IOException {
        return read(file(appId), 1024);
    }

    static String file(String appId) {
        return appId + ".pem";
    }

    /** Reads or makes Ksher's keys, and writes their public halves for verifying replies. */
    KsherKeys ksher() throws IOException {
        KsherKeys keys = new KsherKeys(
                RsaPem.readPrivate(read("ksher-v1.pem", 512)), RsaPem.readPrivate(read("ksher-v2.pem", 2048)));
        Files.writeString(folder.resolve(V1_PUBLIC), keys.publicV1());
        Files.writeString(folder.resolve(V2_PUBLIC), keys.publicV2());
        return keys;
    }

    /** The private key in the file, which is made if it is not there. */
    private String read(String name, int bits) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            KeyPair pair = RsaPem.generate(bits);
            write(file, RsaPem.write(pair.getPrivate()));
        }
        return Files.readString(file);
    }

    /**
     * Written under a temporary name, so that a simulator that is killed leaves no empty key. The
     * file is the owner's only from the start: others could read it until it was made so.
     */
    private void write(Path file, String pem) throws IOException {
        Files.createDirectories(folder);
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Path whole = Files.createTempFile(folder, file.getFileName().toString(), ".new", attributes);
        try {
            Files.writeString(whole, pem);
            move(whole, file);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Another simulator may have made the same key meanwhile: then that one stays. */
    private static void move(Path whole, Path file) throws IOException {
        try {
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            // It is read in a moment.
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A file system without links.
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
