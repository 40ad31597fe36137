using System.Collections.Generic;
using System.Linq;

namespace SecureVault.Policy.Exchange;

/// <summary>Something wrong in a document that people edit: where, and a sentence that says what and what to do.</summary>
public readonly record struct DocumentFault(TextPlace Place, string Problem)
{
    /// <summary>"12:5: ...", after a file's name.</summary>
    public override string ToString() => $"{Place.Line}:{Place.Column}: {Problem}";
}

/// <summary>Gathers what is wrong with one document. One thread.</summary>
public sealed class DocumentFaults
{
    /// <summary>So many are told; of the rest only how many there are.</summary>
    public const int Most = 1000;

    private readonly List<DocumentFault> _faults = [];
    private int _more;

    /// <summary>Whether what is added yet is only counted: its sentence may be cheap.</summary>
    public bool IsFull => _faults.Count >= Most;

    public bool Any => _faults.Count > 0;

    public void Add(TextPlace place, string problem)
    {
        if (!IsFull)
        {
            _faults.Add(new DocumentFault(place, problem));
        }
        else
        {
            _more++;
        }
    }

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<DocumentFault> All()
    {
        IEnumerable<DocumentFault> ordered = _faults.OrderBy(f => f.Place.Line).ThenBy(f => f.Place.Column);
        return _more == 0 ? [.. ordered] : [.. ordered, new DocumentFault(_faults[^1].Place, $"and {_more} more faults; mend these first.")];
    }
}
