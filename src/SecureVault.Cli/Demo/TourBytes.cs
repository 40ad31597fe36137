using System;
using System.IO;
using System.Linq;
using SecureVault.Cli.Output;
using SecureVault.Service.Administration;

namespace SecureVault.Cli.Demo;

/// <summary>The steps that look at the ciphertext, and forge it.</summary>
internal sealed class TourBytes(Workspace workspace, Narrator say)
{
    private const int Shown = 10;

    /// <summary>Past the header, in the first block of content.</summary>
    private const long ContentOffset = 512 + 100;

    public void ShowBoth(Document document, string stored, Person reader)
    {
        say.Step("The same file on the drive and on the disk");
        byte[] plain = workspace.IsMounted
            ? AccessProbe.Ask(reader.Uid, [workspace.OnDrive(document.Inside)])[0].Start
            : StoredFiles.Read(document.Source, 0, Shown);
        plain = plain[..Math.Min(plain.Length, Shown)];
        byte[] header = StoredFiles.Read(stored, 0, Shown);
        byte[] content = StoredFiles.Read(stored, ContentOffset, Shown);
        string name = Path.GetRelativePath(workspace.VaultFolder, stored);
        var listing = new Listing("where", "bytes", "as text");
        listing.Add(workspace.IsMounted ? $"on the drive, as {reader.Name}" : "the document", StoredFiles.Hex(plain), StoredFiles.Ascii(plain));
        listing.Add("on the disk, header", StoredFiles.Hex(header), StoredFiles.Ascii(header));
        listing.Add("on the disk, content", StoredFiles.Hex(content), StoredFiles.Ascii(content));
        say.Table(listing);
        say.Say($"{document.Inside} is on the disk as {(name.Length > 32 ? $"{name[..32]}\u2026" : name)}");
    }

    /// <summary>Flips one bit where nobody looks, then opens the file as ever, then puts the bit back.</summary>
    public void Forge(Document document, string stored, Person reader)
    {
        say.Step("One forged bit is refused");
        bool drive = workspace.IsMounted;
        if (drive)
        {
            workspace.Unmount();
        }

        StoredFiles.Flip(stored, ContentOffset);
        say.Say($"{(drive ? "Unmounted; one" : "One")} bit of {document.Inside} flipped on the disk, at byte {ContentOffset}{(drive ? "; mounted again" : "")}.");
        try
        {
            if (drive)
            {
                Workspace.Demand(workspace.Mount());
                ProbeAnswer answer = AccessProbe.Ask(reader.Uid, [workspace.OnDrive(document.Inside)]).Single();
                say.Good($"{reader.Name} reads it: {(answer.ReadError == ProbeAnswer.InputOutput ? "Input/output error. Not one wrong byte is served." : answer.Outcome)}");
                workspace.Unmount();
            }

            Answer<VerifyVerdict> verdict = workspace.Vault.Verify(null);
            Finding? finding = verdict.Value is { Findings: [var first, ..] } ? first : null;
            say.Command("securevault verify vault");
            say.Good(finding is null ? verdict.Result.Message : $"{finding.Path}: {finding.Problem}");
        }
        finally
        {
            StoredFiles.Flip(stored, ContentOffset);
        }

        if (drive && workspace.Keep)
        {
            Workspace.Demand(workspace.Mount());
        }
    }
}
